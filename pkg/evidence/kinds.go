package evidence

import (
	"path"
	"regexp"
	"strings"
)

// kind is one way in which projects name what answers criteria. Name is matched against the plain base name ("release
// process"), folder against the path of the folder; either may be absent. The names are those that real projects use; none
// is made for one project.
type kind struct {
	id     string
	name   *regexp.Regexp
	folder *regexp.Regexp
	dirs   bool // folders can be of this kind
	only   bool // only folders can
}

func re(s string) *regexp.Regexp { return regexp.MustCompile(s) }

// kinds are tried in order; the first two that fit count.
var kinds = []kind{
	{id: "self-assessment", name: re(`self (security )?assess?ment`)},
	{id: "joint-assessment", name: re(`joint (security )?(assess?ment|review)`)},
	{id: "threat-model", name: re(`threat ?model`)},
	{id: "tech-review", folder: re(`(^|/)tech(nical)?-reviews?$`)},
	{id: "tech-review", name: re(`general technical (review|questions)|^gtr\b|technical review`)},
	{id: "gov-review", folder: re(`(^|/)gov(ernance)?-reviews?$`)},
	{id: "gov-review", name: re(`gov(ernance)? review`)},
	{id: "security-insights", name: re(`^security insights$`)},
	{id: "security-contacts", name: re(`^security contacts$`)},
	{id: "audit", name: re(`\baudits?\b|pen ?test|security (assessment|review).*report|comprehensive report`)},
	{id: "coc", name: re(`code of conduct|^coc$`)},
	{id: "adopters", name: re(`\badopters?\b|who uses|used by|^users$|user stories|^adoption$`)},
	{id: "case-studies", name: re(`case stud`), dirs: true},
	{id: "roadmap-process", name: re(`roadmap (management|process|planning)|^roadmaps$|project management|^planning`)},
	{id: "roadmap", name: re(`\broadmap\b`), dirs: true},
	{id: "release-process", name: re(`releas(e|ing) (process|procedure|runbook|cycle|cadence|schedule|guide|guidelines|policy|policies|management|manager|handbook|team|plan|strategy|model|versioning|principles)|^(how to )?releasing|release process|making a release|^cut(ting)? (a )?release`)},
	{id: "release", name: re(`^(project )?releases?$`), dirs: true},
	{id: "support-policy", name: re(`support(ed)? (policy|versions|window|matrix|lifecycle)|version(ing|s)?( and stability| policy| skew| support|$)|compatibility|deprecation|backport|^lts$|end of life`)},
	{id: "changelog", name: re(`change ?log|release notes`)},
	{id: "owners-aliases", name: re(`^owners aliases$`)},
	{id: "codeowners", name: re(`^codeowners$`)},
	{id: "owners", name: re(`^owners$`)},
	{id: "org-config", name: re(`^(org|peribolos|org members)$`)},
	{id: "maintainers", name: re(`maintainers?$|^maintainers|^committers$|^emeritus|^project team$`)},
	{id: "ladder", name: re(`ladder|^(community |project |contributor |org(anization)? )?membership|becoming|contributor (roles?|levels)|new (member|maintainer)|growth`)},
	{id: "roles", name: re(`^(community |project |org(anization)? |governance )?roles( and responsibilities)?$|^responsibilities|onboarding|offboarding`), dirs: true},
	{id: "steering", name: re(`steering|council|technical oversight|^tsc$|^toc$|oversight committee|technical committee`), dirs: true},
	{id: "charter", name: re(`charter`)},
	{id: "values", name: re(`mission|vision|^values$|principles$`)},
	{id: "neutrality", name: re(`vendor neutral|neutrality`)},
	{id: "governance", name: re(`governance|^bylaws`), dirs: true},
	{id: "elections", name: re(`^elections?\b`), dirs: true},
	{id: "elections", folder: re(`(^|/)elections(/|$)`), dirs: true},
	{id: "gitvote", name: re(`^gitvote$`)},
	{id: "proposals", name: re(`^(proposals?|enhancements?|keps|rfcs?|design proposals?|adrs?)$|(proposal|enhancement|rfc|feature) (process|tracks?|lifecycle)|decision`), dirs: true},
	{id: "issue-template", folder: re(`(?i)(^|/)issue_template$`)},
	{id: "issue-template", name: re(`^issue template$`), dirs: true},
	{id: "pr-template", name: re(`pull request template`), dirs: true},
	{id: "mentoring", name: re(`mentor|gsoc|google summer|^lfx|outreach|first issues?|help wanted`), dirs: true},
	{id: "contributing", name: re(`contribut(ing|e|ion|ions)( guide| guidelines| md)?$|^contribut|contributors? guide|^how to contribute`), dirs: true},
	{id: "development", name: re(`develop(ment|ing|er)|getting started|^hacking`)},
	{id: "security-response", name: re(`security (response|release|process|team|committee|operations|charter|incident)|embargo|vulnerability (management|handling|response)|incident|^responding|disclosure|sig security charter`)},
	{id: "security-policy", name: re(`^security( policy)?$|report(ing)? (a )?(security|vulnerab)|^vulnerab|vulnerability report`)},
	{id: "meetings", name: re(`calendar|meetings?\b|^minutes|^office hours|community call`), dirs: true},
	{id: "channels", name: re(`communication|slack|social media|mailing list|discord|^contact|^support$|^getting help|^talk`)},
	{id: "community", name: re(`^community$`)},
	{id: "subprojects", name: re(`sub ?projects?|\brepositories\b|^repos$|repository (guidelines|template|list|lifecycle|requirements)|^projects$|project (list|lifecycle|template)|incubat`)},
	{id: "groups", name: re(`working groups?|^wgs?$|^sigs?\b|sig list|^sig |special interest|^teams?$`), dirs: true},
	{id: "process", name: re(`\bprocess(es)?$`), dirs: true},
	{id: "comparison", name: re(`comparison|\bvs\b|related (projects|work)|alternatives|^why|motivation|^faq`)},
	{id: "integrations", name: re(`integrations?|ecosystem|^related projects|^plugins|^providers`), dirs: true},
	{id: "architecture", name: re(`architecture|^(system |high level )?design( overview| doc)?$|^internals|how it works|^overview|^concepts|^specs?$|specification`), dirs: true},
	{id: "access", name: re(`access|administrators?|permissions?|^assets|^2fa|two factor|branch protection|org(anization)? (management|admin)|^peribolos|^org$|^settings$`)},
	{id: "workflows", name: re(`^workflows$`), dirs: true, only: true},
	{id: "docs", name: re(`^docs?$|^documentation$|^user guide|^tutorials?$|^examples?$|quick ?start|install(ation)?$|^samples$`), dirs: true},
	{id: "readme", name: re(`^readme$`)},
	{id: "license", name: re(`^(licen[cs]e|copying|notice)( apache| mit| md)?$`)},
}

const kindsEach = 2

// kindsOf tells what an entry is by its path.
func kindsOf(e Entry, name string) []string {
	var found []string
	if dir := path.Dir(e.Path); !e.Dir && dir != "." && (name == "readme" || name == "index") {
		// The cover of a folder is what the folder is.
		found = kindsOf(Entry{Path: dir, Dir: true}, plainName(dir))
		if len(found) == 0 {
			found = kindsOf(Entry{Path: dir}, plainName(dir))
		}
	}
	folder := strings.ToLower(path.Dir(e.Path))
	for _, k := range kinds {
		if e.Dir && !k.dirs || !e.Dir && k.only || len(found) > 0 && found[len(found)-1] == k.id {
			continue
		}
		if k.id == "readme" && depth(e.Path) > 0 {
			continue // of a part, and not of the project
		}
		if k.name != nil && !k.name.MatchString(name) || k.folder != nil && !k.folder.MatchString(folder) {
			continue
		}
		if found = append(found, k.id); len(found) == kindsEach {
			break
		}
	}
	return found
}

// foreign are folders whose contents are not the project's own words.
var foreign = map[string]bool{
	"vendor": true, "third_party": true, "3rdparty": true, "node_modules": true, "testdata": true, "_vendor": true,
	"site-packages": true, "bower_components": true,
}

func inForeign(lower string) bool {
	for segment := range strings.SplitSeq(lower, "/") {
		if foreign[segment] {
			return true
		}
	}
	return false
}

// aside are folders of what was, of samples, and of languages that reviewers need not know.
var aside = re(`(^|/)(archived?|\.archive|attic|legacy|deprecated|defunct|old|obsolete|[a-z-]*templates?|examples?|samples?|tests?|fixtures|e2e|i18n|translations?|locales?|(zh|ja|ko|fr|de|es|pt|it|ru|uk|hi|bn|vi|id|pl|ar)([-_][a-z]{2,4})?)(/|$)|[-_.](zh|ja|ko|cn|zh[-_]cn|ja[-_]jp|template)\.[a-z]+$`)

// ideas are folders of proposals and of pictures.
var ideas = re(`(^|/)(proposals?|designs?|keps?|teps?|rfcs?|adrs?|enhancements?|img|images?|assets|static|blog|posts)(/|$)`)
