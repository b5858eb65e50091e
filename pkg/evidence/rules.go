package evidence

// rule says where a criterion is answered, best place first, and by which words one sees that a document does.
type rule struct {
	kinds map[string]float64 // by kind of document
	home  home
	heads *matcher // in headings
	words *matcher // in the text
	need  bool     // without these words a document is none, whatever its name
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
	"tag":               {kinds: order("tech-review", "joint-assessment", "self-assessment"), home: foundation, heads: words(`general technical|day 0|tag `), words: words(`technical review|tag[ -](app|security|runtime|storage|network|observability|contributor)`)},
	"tech-review":       {kinds: order("tech-review"), home: foundation, heads: words(`general technical|day 0`), words: words(`general technical review`)},
	"gov-review":        {kinds: order("gov-review"), home: foundation, heads: words(`governance review`), words: words(`governance review`)},
	"neutral-all":       {kinds: order("charter", "neutrality", "governance", "values", "workflows", "steering", "maintainers"), home: community, heads: words(`vendor|neutral|trademark|mission`), words: words(`vendor[- ]neutral|neutrality|trademark`)},
	"docs":              {kinds: order("docs", "contributing", "readme", "development"), home: code, heads: words(`documentation|getting started|install|quick ?start`), words: words(`docs\.|documentation`)},
	"gov-iter":          {kinds: order("governance", "charter", "steering", "ladder", "maintainers", "elections"), home: community, heads: words(`amend|change|history|revision`), words: words(`amend|updated|revis`)},
	"gov-doc":           {kinds: order("governance", "charter", "steering", "community"), home: community, heads: words(`governance`), words: words(`governance|maintainers|vote`)},
	"gov-current":       {kinds: order("governance", "gov-review", "gitvote", "elections", "steering", "meetings"), home: community, heads: words(`meeting|election|voting|decision`), words: words(`meeting|election|vot(e|ing)`)},
	"gov-neutral":       {kinds: order("governance", "neutrality", "charter", "ladder", "gov-review", "steering", "values", "maintainers"), home: community, heads: words(`vendor|neutral|employer|compan|organi[sz]ation`), words: words(`vendor|neutral|same (company|employer|organi[sz]ation)|employer|single (company|organi[sz]ation)|any one (company|organi[sz]ation)`)},
	"decisions":         {kinds: order("governance", "charter", "steering", "ladder", "contributing", "proposals", "elections", "process"), home: community, heads: words(`decision|voting|consensus|change(s)? to|amend|leadership|election`), words: words(`lazy consensus|majority|vot(e|ing)|consensus`)},
	"roles":             {kinds: order("governance", "roles", "ladder", "steering", "maintainers", "groups", "security-response"), home: community, heads: words(`role|team|committee|onboard|offboard|adding|removing|remov(e|al)|becoming|election|term`), words: words(`nominat|elected|onboard|step(ping)? down|remov(ed|al)|responsibilit`)},
	"lifecycle":         {kinds: order("governance", "ladder", "roles", "maintainers", "charter"), home: community, heads: words(`maintainer|becoming|emeritus|inactiv|onboard|offboard|remov|stepping down|adding|life ?cycle`), words: words(`emeritus|inactiv|step(ping)? down|nominat|remov(ed|al) (of|from)`)},
	"lifecycle-used":    {kinds: order("maintainers", "ladder", "governance", "elections", "owners", "owners-aliases"), home: community, heads: words(`emeritus|alumni|past|former|inactive`), words: words(`emeritus|alumni|former|retired`)},
	"maintainers":       {kinds: order("maintainers", "steering", "groups", "owners", "codeowners", "governance", "owners-aliases", "org-config"), home: community, heads: words(`maintainer|members|committee`), words: words(`@[a-z0-9-]+|github\.com/[a-z0-9-]+`)},
	"maintainer-count":  {kinds: order("maintainers", "owners", "steering", "governance", "owners-aliases", "org-config"), home: community, heads: words(`maintainer`), words: words(`maintainer`)},
	"two-orgs":          {kinds: order("maintainers", "steering", "groups", "governance", "owners", "owners-aliases"), home: community, heads: words(`maintainer|members`), words: words(`company|affiliation|organi[sz]ation|employer`)},
	"ownership":         {kinds: order("codeowners", "owners", "owners-aliases", "maintainers", "ladder", "roles", "gitvote", "governance", "org-config", "contributing"), home: anywhere, heads: words(`owner|approver|reviewer|maintainer`), words: words(`owners|approvers|reviewers`)},
	"coc":               {kinds: order("coc", "contributing", "charter", "governance"), home: community, heads: words(`conduct`), words: words(`code[- _]of[- _]conduct`), need: true},
	"coc-linked":        {kinds: order("governance", "coc", "charter", "contributing", "roles", "ladder", "steering", "readme"), home: community, heads: words(`conduct`), words: words(`code[- _]of[- _]conduct`), need: true},
	"subprojects":       {kinds: order("subprojects", "groups", "maintainers", "readme", "ladder", "governance"), home: community, heads: words(`sub-?projects?|repositor|working group|sigs?\b|projects`), words: words(`sub-?project|working group|repositories`)},
	"subproject-lead":   {kinds: order("subprojects", "governance", "groups", "roles", "ladder", "maintainers", "process"), home: community, heads: words(`sub-?projects?|repositor|working group|sigs?\b|lifecycle|archiv|adding`), words: words(`sub-?project|working group|archiv|repositor`)},
	"ladder":            {kinds: order("ladder", "roles", "governance", "contributing"), home: community, heads: words(`ladder|role|member|reviewer|approver|maintainer|contributor|becoming`), words: words(`reviewer|approver|committer|contributor ladder`)},
	"submit":            {kinds: order("contributing", "issue-template", "pr-template", "proposals", "development", "process", "community"), home: community, heads: words(`issue|pull request|bug|feature|submit|report`), words: words(`pull request|open an issue|file an issue|bug report`)},
	"channel":           {kinds: order("readme", "channels", "contributing", "meetings", "governance", "community"), home: community, heads: words(`communicat|contact|community|slack|discuss|help|support|touch`), words: words(`slack|mailing list|discord|groups\.google|discussions|zulip|matrix`)},
	"channels":          {kinds: order("readme", "channels", "security-policy", "contributing", "meetings", "community"), home: community, heads: words(`communicat|contact|community|slack|channels|social|touch`), words: words(`slack|mailing list|discord|groups\.google|discussions|zulip|twitter|youtube`)},
	"meetings":          {kinds: order("meetings", "readme", "channels", "groups", "contributing", "governance", "community"), home: community, heads: words(`meeting|calendar|office hours|community call`), words: words(`calendar|zoom|zoom-lfx|meeting notes|bi-?weekly|every (other )?(week|monday|tuesday|wednesday|thursday|friday)`)},
	"contributing":      {kinds: order("contributing", "development", "readme", "proposals", "community"), home: community, heads: words(`contribut|develop|build|test|pull request`), words: words(`contribut|sign-?off|pull request`)},
	"activity":          {kinds: order("contributing", "mentoring", "ladder", "readme"), home: community, heads: words(`contribut|mentor|good first|help wanted|gsoc|lfx`), words: words(`good first issue|help wanted|mentor|gsoc|lfx|contributors`)},
	"goals":             {kinds: order("readme", "tech-review", "charter", "comparison", "values", "architecture"), home: code, heads: words(`goal|motivation|why|mission|scope|vision|overview|objective|compar`), words: words(`goal|unlike|problem|mission`)},
	"what":              {kinds: order("readme", "tech-review", "charter", "architecture", "comparison", "values"), home: code, heads: words(`what is|about|use cases?|overview|introduction|features|scope`), words: words(`use cases?|cloud native`)},
	"roadmap":           {kinds: order("roadmap", "roadmap-process", "contributing", "proposals", "readme"), home: anywhere, heads: words(`roadmap|milestone`), words: words(`roadmap|milestone`)},
	"roadmap-change":    {kinds: order("roadmap", "roadmap-process", "governance", "charter", "proposals", "contributing", "process"), home: anywhere, heads: words(`roadmap|planning|proposal|process|feature`), words: words(`roadmap|planning`)},
	"architecture":      {kinds: order("architecture", "tech-review", "self-assessment", "joint-assessment", "readme", "proposals", "docs"), home: code, heads: words(`architecture|design|components?|how it works`), words: words(`architecture|component`)},
	"release-process":   {kinds: order("release-process", "release", "support-policy", "development", "contributing"), home: code, heads: words(`releas|version|cadence|branch`), words: words(`release (process|branch|candidate|cadence|manager)|cadence|semver|semantic version`)},
	"release-expect":    {kinds: order("release-process", "release", "support-policy", "governance"), home: code, heads: words(`cadence|schedule|releas|cycle|expect`), words: words(`cadence|schedule|every \w+ (weeks|months)|minor release|time-?based`)},
	"release-tagging":   {kinds: order("release-process", "release", "support-policy", "security-response"), home: code, heads: words(`version|tag|stable|patch|security`), words: words(`semver|semantic version|stable|alpha|release candidate|patch release`)},
	"release-branches":  {kinds: order("release-process", "release", "support-policy", "development", "contributing"), home: code, heads: words(`branch|tag`), words: words(`release[- ]branch|branch(es|ing)|git tag|cherry-?pick`)},
	"release-support":   {kinds: order("support-policy", "release-process", "release", "security-policy"), home: code, heads: words(`support|maint(ained|enance)|end of life|lts|skew|platform`), words: words(`supported versions|end of life|eol|maintained|support(ed)? for|backport`)},
	"release-artifacts": {kinds: order("release-process", "release", "support-policy", "workflows"), home: code, heads: words(`artifact|publish|image|binar|asset|packag`), words: words(`artifacts?|container image|binar(y|ies)|helm chart|sbom|checksum`)},
	"releases":          {kinds: order("release-process", "changelog", "release", "readme"), home: code, heads: words(`release|version|changelog|history`), words: words(`releases|changelog|release notes`)},
	"silver":            {kinds: order("readme"), home: code, heads: words(`badge`), words: words(`bestpractices\.dev|bestpractices\.coreinfrastructure`), need: true},
	"badge":             {kinds: order("readme"), home: code, heads: words(`badge`), words: words(`bestpractices\.dev|bestpractices\.coreinfrastructure`), need: true},
	"joint-assessment":  {kinds: order("joint-assessment"), home: foundation, heads: words(`joint`), words: words(`joint (security )?(assessment|review)`)},
	"sec-report":        {kinds: order("security-policy", "security-response", "contributing", "readme"), home: anywhere, heads: words(`report|vulnerab|security|disclos`), words: words(`report(ing)? (a |security |potential )*(vulnerabilit|security)|security@|private(ly)? (vulnerability )?report|advisor`)},
	"access":            {kinds: order("access", "codeowners", "owners", "ladder", "contributing", "governance", "workflows", "org-config"), home: community, heads: words(`access|permission|two.factor|2fa|branch protection|admin|requirements`), words: words(`two-?factor|2fa|mfa|branch protection|write access|admin|permission`)},
	"sec-roles":         {kinds: order("security-policy", "security-response", "security-contacts", "roles", "governance", "maintainers"), home: anywhere, heads: words(`response|team|committee|handling|process|roles?|triage`), words: words(`security (response|team|committee|contacts?|maintainers)|triage|embargo|acknowledge|working days|within \d+`)},
	"self-assessment":   {kinds: order("self-assessment", "joint-assessment", "threat-model"), home: foundation, heads: words(`self-?assessment|security functions|threat`), words: words(`self-?assessment`)},
	"audit":             {kinds: order("audit", "security-policy", "readme"), home: anywhere, heads: words(`audit|security review|findings`), words: words(`security audit|third[- ]party (security )?(audit|review)|ostif|ada logics|trail of bits|cure53|ncc group`)},
	"audit-tracked":     {kinds: order("audit", "security-policy"), home: anywhere, heads: words(`audit|findings`), words: words(`audit|findings`)},
	"adopters":          {kinds: order("adopters", "case-studies", "readme"), home: anywhere, heads: words(`adopters?|users|who uses|used by|case stud`), words: words(`adopters?|who (is )?us(es|ing)|used (by|in production)`)},
	"three-adopters":    {kinds: order("adopters", "case-studies"), home: anywhere, heads: words(`adopters?|users|production`), words: words(`production|adopters?`)},
	"adopters-verified": {kinds: order("adopters", "case-studies"), home: anywhere, heads: words(`adopters?`), words: words(`adopters?`)},
	"integrations":      {kinds: order("integrations", "comparison", "readme", "docs", "tech-review"), home: code, heads: words(`integrat|ecosystem|compatib|works with|related|providers|plugins`), words: words(`integrat(e|es|ion)|compatible with|prometheus|opentelemetry|helm|operator`)},
	"licence":           {kinds: order("license"), home: code, heads: words(`licen[cs]e`), words: words(`licen[cs]e`)},
}
