package evidence

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// kind is one way in which projects name what answers criteria. Name is matched against the plain base name ("release
// process"), folder against the path of the folder; either may be absent. The names are those that real projects use; none
// is made for one project.
type kind struct {
	id     string
	name   *matcher
	folder *regexp.Regexp
	dirs   bool // folders can be of this kind
	only   bool // only folders can
}

func re(s string) *regexp.Regexp { return regexp.MustCompile(s) }

// kinds are tried in order; the first two that fit count.
var kinds = []kind{
	{id: "self-assessment", name: words(`self (security )?assess?ment`)},
	{id: "joint-assessment", name: words(`joint (security )?(assess?ment|review)`)},
	{id: "threat-model", name: words(`threat ?model`)},
	{id: "tech-review", folder: re(`(^|/)tech(nical)?-reviews?$`)},
	{id: "tech-review", name: words(`general technical (review|questions)|^gtr\b|technical review`)},
	{id: "gov-review", folder: re(`(^|/)gov(ernance)?-reviews?$`)},
	{id: "gov-review", name: words(`gov(ernance)? review`)},
	{id: "security-insights", name: words(`^security insights$`)},
	{id: "security-contacts", name: words(`^security contacts$`)},
	{id: "audit", name: words(`\baudits?\b|pen ?test|security (assessment|review).*report|comprehensive report`)},
	{id: "coc", name: words(`code of conduct|^coc$`)},
	{id: "adopters", name: words(`\badopters?\b|who uses|used by|^users$|user stories|^adoption$`)},
	{id: "case-studies", name: words(`case stud`), dirs: true},
	{id: "roadmap-process", name: words(`roadmap (management|process|planning)|^roadmaps$|project management|^planning`)},
	{id: "roadmap", name: words(`\broadmap\b`), dirs: true},
	{id: "release-process", name: words(`releas(e|ing) (process|procedure|runbook|cycle|cadence|schedule|guide|guidelines|policy|policies|management|manager|handbook|team|plan|strategy|model|versioning|principles)|^(how to )?releasing|release process|making a release|^cut(ting)? (a )?release`)},
	{id: "release", name: words(`^(project )?releases?$`), dirs: true},
	{id: "support-policy", name: words(`support(ed)? (policy|versions|window|matrix|lifecycle)|version(ing|s)?( and stability| policy| skew| support|$)|compatibility|deprecation|backport|^lts$|end of life`)},
	{id: "changelog", name: words(`change ?log|release notes`)},
	{id: "owners-aliases", name: words(`^owners aliases$`)},
	{id: "codeowners", name: words(`^codeowners$`)},
	{id: "owners", name: words(`^owners$`)},
	{id: "org-config", name: words(`^(org|peribolos|org members)$`)},
	{id: "maintainers", name: words(`maintainers?$|^maintainers|^committers$|^emeritus|^project team$`)},
	{id: "ladder", name: words(`ladder|^(community |project |contributor |org(anization)? )?membership|becoming|contributor (roles?|levels)|new (member|maintainer)|growth`)},
	{id: "roles", name: words(`^(community |project |org(anization)? |governance )?roles( and responsibilities)?$|^responsibilities|onboarding|offboarding`), dirs: true},
	{id: "steering", name: words(`steering|council|technical oversight|^tsc$|^toc$|oversight committee|technical committee`), dirs: true},
	{id: "charter", name: words(`charter`)},
	{id: "values", name: words(`mission|vision|^values$|principles$`)},
	{id: "neutrality", name: words(`vendor neutral|neutrality`)},
	{id: "governance", name: words(`governance|^bylaws`), dirs: true},
	{id: "elections", name: words(`^elections?\b`), dirs: true},
	{id: "elections", folder: re(`(^|/)elections(/|$)`), dirs: true},
	{id: "gitvote", name: words(`^gitvote$`)},
	{id: "proposals", name: words(`^(proposals?|enhancements?|keps|rfcs?|design proposals?|adrs?)$|(proposal|enhancement|rfc|feature) (process|tracks?|lifecycle)|decision`), dirs: true},
	{id: "issue-template", folder: re(`(?i)(^|/)issue_template$`)},
	{id: "issue-template", name: words(`^issue template$`), dirs: true},
	{id: "pr-template", name: words(`pull request template`), dirs: true},
	{id: "mentoring", name: words(`mentor|gsoc|google summer|^lfx|outreach|first issues?|help wanted`), dirs: true},
	{id: "contributing", name: words(`contribut(ing|e|ion|ions)( guide| guidelines| md)?$|^contribut|contributors? guide|^how to contribute`), dirs: true},
	{id: "development", name: words(`develop(ment|ing|er)|getting started|^hacking`)},
	{id: "security-response", name: words(`security (response|release|process|team|committee|operations|charter|incident)|embargo|vulnerability (management|handling|response)|incident|^responding|disclosure|sig security charter`)},
	{id: "security-policy", name: words(`^security( policy)?$|report(ing)? (a )?(security|vulnerab)|^vulnerab|vulnerability report`)},
	{id: "meetings", name: words(`calendar|meetings?\b|^minutes|^office hours|community call`), dirs: true},
	{id: "channels", name: words(`communication|slack|social media|mailing list|discord|^contact|^support$|^getting help|^talk`)},
	{id: "community", name: words(`^community$`)},
	{id: "subprojects", name: words(`sub ?projects?|\brepositories\b|^repos$|repository (guidelines|template|list|lifecycle|requirements)|^projects$|project (list|lifecycle|template)|incubat`)},
	{id: "groups", name: words(`working groups?|^wgs?$|^sigs?\b|sig list|^sig |special interest|^teams?$`), dirs: true},
	{id: "process", name: words(`\bprocess(es)?$`), dirs: true},
	{id: "comparison", name: words(`comparison|\bvs\b|related (projects|work)|alternatives|^why|motivation|^faq`)},
	{id: "integrations", name: words(`integrations?|ecosystem|^related projects|^plugins|^providers`), dirs: true},
	{id: "architecture", name: words(`architecture|^(system |high level )?design( overview| doc)?$|^internals|how it works|^overview|^concepts|^specs?$|specification`), dirs: true},
	{id: "access", name: words(`access|administrators?|permissions?|^assets|^2fa|two factor|branch protection|org(anization)? (management|admin)|^peribolos|^org$|^settings$`)},
	{id: "workflows", name: words(`^workflows$`), dirs: true, only: true},
	{id: "docs", name: words(`^docs?$|^documentation$|^user guide|^tutorials?$|^examples?$|quick ?start|install(ation)?$|^samples$`), dirs: true},
	{id: "readme", name: words(`^readme$`)},
	{id: "license", name: words(`^(licen[cs]e|copying|notice)( apache| mit| md)?$`)},
}

const kindsEach = 2

// namer tells kinds, and remembers those of names: a repository has thousands of files with few different names.
type namer map[string][]string

// kindsOf tells what an entry is by its path: by its folder, then by its name. With wanted, only these kinds are looked for.
func (n namer) kindsOf(e Entry, name string, wanted []string) []string {
	var found []string
	dir := path.Dir(e.Path)
	isCover := !e.Dir && dir != "." && (name == "readme" || name == "index")
	if isCover { // the cover of a folder is what the folder is
		if found = n.kindsOf(Entry{Path: dir, Dir: true}, plainName(dir), nil); len(found) == 0 {
			found = n.kindsOf(Entry{Path: dir}, plainName(dir), nil)
		}
	}
	found = slices.Clip(append(found, folderKinds(e, strings.ToLower(dir))...))
	for _, k := range n.named(name, e.Dir, wanted) {
		if !slices.Contains(found, k) && (k != "readme" || depth(e.Path) == 0) { // a part's is not the project's
			found = append(found, k)
		}
	}
	return found[:min(kindsEach, len(found))]
}

func folderKinds(e Entry, folder string) []string {
	if !strings.Contains(folder, "review") && !strings.Contains(folder, "election") && !strings.Contains(folder, "template") {
		return nil
	}
	var found []string
	for _, k := range kinds {
		if k.folder != nil && (!e.Dir || k.dirs) && k.folder.MatchString(folder) {
			found = append(found, k.id)
		}
	}
	return found
}

func (n namer) named(name string, isDir bool, wanted []string) []string {
	key := name
	if isDir {
		key += "/"
	}
	if len(wanted) > 0 {
		key += "?" + wanted[0]
	}
	if found, ok := n[key]; ok {
		return found
	}
	found := []string{}
	for _, k := range kinds {
		switch {
		case k.name == nil, isDir && !k.dirs, !isDir && k.only, len(wanted) > 0 && !slices.Contains(wanted, k.id), slices.Contains(found, k.id):
		case k.name.MatchString(name):
			found = append(found, k.id)
		}
		if len(found) == kindsEach {
			break
		}
	}
	n[key] = found
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

// ofGroup are folders of working groups.
var ofGroup = re(`(^|/)(sig|wg|ug|committee)-[^/]+/`)

// ideas are folders of proposals and of pictures.
var ideas = re(`(^|/)(proposals?|designs?|keps?|teps?|rfcs?|adrs?|enhancements?|img|images?|assets|static|blog|posts)(/|$)`)
