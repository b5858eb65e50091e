package evidence

import "regexp"

// rule says where a criterion is answered, best place first, and by which words one sees that a document does.
type rule struct {
	kinds map[string]float64 // by kind of document
	home  home
	heads *regexp.Regexp // in headings
	words *regexp.Regexp // in the text
	need  bool           // without these words a document is none, whatever its name
}

// home is where documents on a subject stand, if a project has a repository for its community.
type home int

const (
	anywhere home = iota
	community
	code
	foundation // cncf/toc and what was there before
)

// order makes weights of a ranking: the first kind has 10, each next one less.
func order(ids ...string) map[string]float64 {
	w := map[string]float64{}
	for i, id := range ids {
		w[id] = max(10-1.5*float64(i), 2)
	}
	return w
}

// rules by criterion id. They were made from 11 published reports (hack/evidence.sh measures them) by kinds of places.
var rules = map[string]rule{
	"tag":               {kinds: order("tech-review", "joint-assessment", "self-assessment"), home: foundation, heads: re(`general technical|day 0|tag `), words: re(`technical review|tag[ -](app|security|runtime|storage|network|observability|contributor)`)},
	"tech-review":       {kinds: order("tech-review"), home: foundation, heads: re(`general technical|day 0`), words: re(`general technical review`)},
	"gov-review":        {kinds: order("gov-review"), home: foundation, heads: re(`governance review`), words: re(`governance review`)},
	"neutral-all":       {kinds: order("charter", "neutrality", "governance", "values", "workflows", "steering", "maintainers"), home: community, heads: re(`vendor|neutral|trademark|mission`), words: re(`vendor[- ]neutral|neutrality|trademark`)},
	"docs":              {kinds: order("docs", "contributing", "readme", "development"), home: code, heads: re(`documentation|getting started|install|quick ?start`), words: re(`docs\.|documentation`)},
	"gov-iter":          {kinds: order("governance", "charter", "steering", "ladder", "maintainers", "elections"), home: community, heads: re(`amend|change|history|revision`), words: re(`amend|updated|revis`)},
	"gov-doc":           {kinds: order("governance", "charter", "steering", "community"), home: community, heads: re(`governance`), words: re(`governance|maintainers|vote`)},
	"gov-current":       {kinds: order("governance", "gov-review", "gitvote", "elections", "steering", "meetings"), home: community, heads: re(`meeting|election|voting|decision`), words: re(`meeting|election|vot(e|ing)`)},
	"gov-neutral":       {kinds: order("governance", "neutrality", "charter", "ladder", "gov-review", "steering", "values", "maintainers"), home: community, heads: re(`vendor|neutral|employer|compan|organi[sz]ation`), words: re(`vendor|neutral|same (company|employer|organi[sz]ation)|employer|single (company|organi[sz]ation)|any one (company|organi[sz]ation)`)},
	"decisions":         {kinds: order("governance", "charter", "steering", "ladder", "contributing", "proposals", "elections", "process"), home: community, heads: re(`decision|voting|consensus|change(s)? to|amend|leadership|election`), words: re(`lazy consensus|majority|vot(e|ing)|consensus`)},
	"roles":             {kinds: order("governance", "roles", "ladder", "steering", "maintainers", "groups", "security-response"), home: community, heads: re(`role|team|committee|onboard|offboard|adding|removing|remov(e|al)|becoming|election|term`), words: re(`nominat|elected|onboard|step(ping)? down|remov(ed|al)|responsibilit`)},
	"lifecycle":         {kinds: order("governance", "ladder", "roles", "maintainers", "charter"), home: community, heads: re(`maintainer|becoming|emeritus|inactiv|onboard|offboard|remov|stepping down|adding|life ?cycle`), words: re(`emeritus|inactiv|step(ping)? down|nominat|remov(ed|al) (of|from)`)},
	"lifecycle-used":    {kinds: order("maintainers", "ladder", "governance", "elections", "owners", "owners-aliases"), home: community, heads: re(`emeritus|alumni|past|former|inactive`), words: re(`emeritus|alumni|former|retired`)},
	"maintainers":       {kinds: order("maintainers", "steering", "groups", "owners", "codeowners", "governance", "owners-aliases", "org-config"), home: community, heads: re(`maintainer|members|committee`), words: re(`@[a-z0-9-]+|github\.com/[a-z0-9-]+`)},
	"maintainer-count":  {kinds: order("maintainers", "owners", "steering", "governance", "owners-aliases", "org-config"), home: community, heads: re(`maintainer`), words: re(`maintainer`)},
	"two-orgs":          {kinds: order("maintainers", "steering", "groups", "governance", "owners", "owners-aliases"), home: community, heads: re(`maintainer|members`), words: re(`company|affiliation|organi[sz]ation|employer`)},
	"ownership":         {kinds: order("codeowners", "owners", "owners-aliases", "maintainers", "ladder", "roles", "gitvote", "governance", "org-config", "contributing"), home: anywhere, heads: re(`owner|approver|reviewer|maintainer`), words: re(`owners|approvers|reviewers`)},
	"coc":               {kinds: order("coc", "contributing", "charter", "governance"), home: community, heads: re(`conduct`), words: re(`code[- _]of[- _]conduct`), need: true},
	"coc-linked":        {kinds: order("governance", "coc", "charter", "contributing", "roles", "ladder", "steering", "readme"), home: community, heads: re(`conduct`), words: re(`code[- _]of[- _]conduct`), need: true},
	"subprojects":       {kinds: order("subprojects", "groups", "maintainers", "readme", "ladder", "governance"), home: community, heads: re(`sub-?projects?|repositor|working group|sigs?\b|projects`), words: re(`sub-?project|working group|repositories`)},
	"subproject-lead":   {kinds: order("subprojects", "governance", "groups", "roles", "ladder", "maintainers", "process"), home: community, heads: re(`sub-?projects?|repositor|working group|sigs?\b|lifecycle|archiv|adding`), words: re(`sub-?project|working group|archiv|repositor`)},
	"ladder":            {kinds: order("ladder", "roles", "governance", "contributing"), home: community, heads: re(`ladder|role|member|reviewer|approver|maintainer|contributor|becoming`), words: re(`reviewer|approver|committer|contributor ladder`)},
	"submit":            {kinds: order("contributing", "issue-template", "pr-template", "proposals", "development", "process", "community"), home: community, heads: re(`issue|pull request|bug|feature|submit|report`), words: re(`pull request|open an issue|file an issue|bug report`)},
	"channel":           {kinds: order("readme", "channels", "contributing", "meetings", "governance", "community"), home: community, heads: re(`communicat|contact|community|slack|discuss|help|support|touch`), words: re(`slack|mailing list|discord|groups\.google|discussions|zulip|matrix`)},
	"channels":          {kinds: order("readme", "channels", "security-policy", "contributing", "meetings", "community"), home: community, heads: re(`communicat|contact|community|slack|channels|social|touch`), words: re(`slack|mailing list|discord|groups\.google|discussions|zulip|twitter|youtube`)},
	"meetings":          {kinds: order("meetings", "readme", "channels", "groups", "contributing", "governance", "community"), home: community, heads: re(`meeting|calendar|office hours|community call`), words: re(`calendar|zoom|zoom-lfx|meeting notes|bi-?weekly|every (other )?(week|monday|tuesday|wednesday|thursday|friday)`)},
	"contributing":      {kinds: order("contributing", "development", "readme", "proposals", "community"), home: community, heads: re(`contribut|develop|build|test|pull request`), words: re(`contribut|sign-?off|pull request`)},
	"activity":          {kinds: order("contributing", "mentoring", "ladder", "readme"), home: community, heads: re(`contribut|mentor|good first|help wanted|gsoc|lfx`), words: re(`good first issue|help wanted|mentor|gsoc|lfx|contributors`)},
	"goals":             {kinds: order("readme", "tech-review", "charter", "comparison", "values", "architecture"), home: code, heads: re(`goal|motivation|why|mission|scope|vision|overview|objective|compar`), words: re(`goal|unlike|problem|mission`)},
	"what":              {kinds: order("readme", "tech-review", "charter", "architecture", "comparison", "values"), home: code, heads: re(`what is|about|use cases?|overview|introduction|features|scope`), words: re(`use cases?|cloud native`)},
	"roadmap":           {kinds: order("roadmap", "roadmap-process", "contributing", "proposals", "readme"), home: anywhere, heads: re(`roadmap|milestone`), words: re(`roadmap|milestone`)},
	"roadmap-change":    {kinds: order("roadmap", "roadmap-process", "governance", "charter", "proposals", "contributing", "process"), home: anywhere, heads: re(`roadmap|planning|proposal|process|feature`), words: re(`roadmap|planning`)},
	"architecture":      {kinds: order("architecture", "tech-review", "self-assessment", "joint-assessment", "readme", "proposals", "docs"), home: code, heads: re(`architecture|design|components?|how it works`), words: re(`architecture|component`)},
	"release-process":   {kinds: order("release-process", "release", "support-policy", "development", "contributing"), home: code, heads: re(`releas|version|cadence|branch`), words: re(`release (process|branch|candidate|cadence|manager)|cadence|semver|semantic version`)},
	"release-expect":    {kinds: order("release-process", "release", "support-policy", "governance"), home: code, heads: re(`cadence|schedule|releas|cycle|expect`), words: re(`cadence|schedule|every \w+ (weeks|months)|minor release|time-?based`)},
	"release-tagging":   {kinds: order("release-process", "release", "support-policy", "security-response"), home: code, heads: re(`version|tag|stable|patch|security`), words: re(`semver|semantic version|stable|alpha|release candidate|patch release`)},
	"release-branches":  {kinds: order("release-process", "release", "support-policy", "development", "contributing"), home: code, heads: re(`branch|tag`), words: re(`release[- ]branch|branch(es|ing)|git tag|cherry-?pick`)},
	"release-support":   {kinds: order("support-policy", "release-process", "release", "security-policy"), home: code, heads: re(`support|maint(ained|enance)|end of life|lts|skew|platform`), words: re(`supported versions|end of life|eol|maintained|support(ed)? for|backport`)},
	"release-artifacts": {kinds: order("release-process", "release", "support-policy", "workflows"), home: code, heads: re(`artifact|publish|image|binar|asset|packag`), words: re(`artifacts?|container image|binar(y|ies)|helm chart|sbom|checksum`)},
	"releases":          {kinds: order("release-process", "changelog", "release", "readme"), home: code, heads: re(`release|version|changelog|history`), words: re(`releases|changelog|release notes`)},
	"silver":            {kinds: order("readme"), home: code, heads: re(`badge`), words: re(`bestpractices\.dev|bestpractices\.coreinfrastructure`), need: true},
	"badge":             {kinds: order("readme"), home: code, heads: re(`badge`), words: re(`bestpractices\.dev|bestpractices\.coreinfrastructure`), need: true},
	"joint-assessment":  {kinds: order("joint-assessment"), home: foundation, heads: re(`joint`), words: re(`joint (security )?(assessment|review)`)},
	"sec-report":        {kinds: order("security-policy", "security-response", "contributing", "readme"), home: anywhere, heads: re(`report|vulnerab|security|disclos`), words: re(`report(ing)? (a |security |potential )*(vulnerabilit|security)|security@|private(ly)? (vulnerability )?report|advisor`)},
	"access":            {kinds: order("access", "codeowners", "owners", "ladder", "contributing", "governance", "workflows", "org-config"), home: community, heads: re(`access|permission|two.factor|2fa|branch protection|admin|requirements`), words: re(`two-?factor|2fa|mfa|branch protection|write access|admin|permission`)},
	"sec-roles":         {kinds: order("security-policy", "security-response", "security-contacts", "roles", "governance", "maintainers"), home: anywhere, heads: re(`response|team|committee|handling|process|roles?|triage`), words: re(`security (response|team|committee|contacts?|maintainers)|triage|embargo|acknowledge|working days|within \d+`)},
	"self-assessment":   {kinds: order("self-assessment", "joint-assessment", "threat-model"), home: foundation, heads: re(`self-?assessment|security functions|threat`), words: re(`self-?assessment`)},
	"audit":             {kinds: order("audit", "security-policy", "readme"), home: anywhere, heads: re(`audit|security review|findings`), words: re(`security audit|third[- ]party (security )?(audit|review)|ostif|ada logics|trail of bits|cure53|ncc group`)},
	"audit-tracked":     {kinds: order("audit", "security-policy"), home: anywhere, heads: re(`audit|findings`), words: re(`audit|findings`)},
	"adopters":          {kinds: order("adopters", "case-studies", "readme"), home: anywhere, heads: re(`adopters?|users|who uses|used by|case stud`), words: re(`adopters?|who (is )?us(es|ing)|used (by|in production)`)},
	"three-adopters":    {kinds: order("adopters", "case-studies"), home: anywhere, heads: re(`adopters?|users|production`), words: re(`production|adopters?`)},
	"adopters-verified": {kinds: order("adopters", "case-studies"), home: anywhere, heads: re(`adopters?`), words: re(`adopters?`)},
	"integrations":      {kinds: order("integrations", "comparison", "readme", "docs", "tech-review"), home: code, heads: re(`integrat|ecosystem|compatib|works with|related|providers|plugins`), words: re(`integrat(e|es|ion)|compatible with|prometheus|opentelemetry|helm|operator`)},
	"licence":           {kinds: order("license"), home: code, heads: re(`licen[cs]e`), words: re(`licen[cs]e`)},
}
