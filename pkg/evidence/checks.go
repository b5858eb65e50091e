package evidence

// Kind says who decides on a criterion.
type Kind string

// Kinds of checks.
const (
	Decided   Kind = "met/not-met" // a fact does
	Material  Kind = "found"       // people do, with what was found
	ForPeople Kind = "human"       // people do, and there is nothing to find
)

// Spec is one check.
type Spec struct {
	ID       string // of the criterion that it answers
	Kind     Kind
	Needs    []string // what facts it is made of, for people
	Run      func(*Facts, Item) verdict
	Describe string // what it looks at, in a few words
}

// Checks are all checks by the id of their criterion.
var Checks = []Spec{
	{"staff-meeting", ForPeople, nil, forPeople("This is done after the vote."), "after the vote"},
	{"level", Decided, []string{"landscape"}, levelNow, "level and date in the landscape"},
	{"joining", Decided, []string{"landscape"}, joining, "the project is in the landscape already"},
	{"tag", Material, []string{"trees"}, nil, "reviews in cncf/toc and in the project"},
	{"tech-review", Decided, []string{"cncf/toc"}, inFolder("tech-review", "general technical review"), "projects/<p>/tech-review in cncf/toc"},
	{"gov-review", Decided, []string{"cncf/toc"}, inFolder("governance-review", "governance review"), "projects/<p>/governance-review in cncf/toc"},
	{"joint-assessment", Decided, []string{"cncf/toc"}, jointAssessment, "projects/<p>/security-assessment/joint-* in cncf/toc"},
	{"self-assessment", Decided, []string{"cncf/toc"}, selfAssessment, "projects/<p>/security-assessment/self-assessment.md in cncf/toc"},
	{"neutral-all", Material, []string{"documents"}, nil, "what speaks of neutrality"},
	{"expectations", ForPeople, nil, forPeople("A person acknowledges this."), "a person's word"},
	{"expectations-met", ForPeople, nil, forPeople("A person says when this was."), "a person's word"},
	{"dd-review", ForPeople, nil, forPeople("The TOC does this."), "the TOC's work"},
	{"docs", Material, []string{"trees"}, nil, "documentation and samples"},
	{"gov-iter", Material, []string{"history"}, changes("governance", "charter", "steering"), "changes of the governance documents"},
	{"gov-doc", Decided, []string{"documents"}, hasDocument("governance document", 100, "governance", "charter", "steering"), "a governance document or charter"},
	{"gov-current", Material, []string{"history"}, changes("governance", "meetings", "elections"), "changes of governance, meetings, elections"},
	{"gov-neutral", Material, []string{"documents"}, nil, "what governance says of vendors"},
	{"decisions", Material, []string{"documents"}, nil, "how decisions are made"},
	{"roles", Material, []string{"documents"}, nil, "roles and teams"},
	{"lifecycle", Material, []string{"documents"}, nil, "onboarding, emeritus, removal"},
	{"lifecycle-used", Material, []string{"history"}, changes("maintainers", "owners", "owners-aliases"), "changes of the list of maintainers"},
	{"maintainers", Decided, []string{"documents", "maintainers"}, maintainerList, "a list with names, contacts and companies"},
	{"maintainer-count", Material, []string{"maintainers"}, maintainerCount, "how many there are"},
	{"two-orgs", Decided, []string{"maintainers"}, twoOrgs, "companies of the maintainers"},
	{"ownership", Material, []string{"documents"}, ownership, "OWNERS and CODEOWNERS beside the list of maintainers"},
	{"coc", Decided, []string{"documents"}, conduct, "a code of conduct that is or builds on the CNCF's"},
	{"coc-linked", Decided, []string{"documents"}, conductLinked, "governance documents that link the code of conduct"},
	{"subprojects", Material, []string{"documents"}, nil, "lists of subprojects"},
	{"subproject-lead", Material, []string{"documents"}, nil, "how subprojects are led"},
	{"ladder", Material, []string{"documents"}, ladder, "roles in the headings"},
	{"submit", Decided, []string{"trees"}, submit, "CONTRIBUTING, forms for issues and pull requests"},
	{"channel", Decided, []string{"documents"}, channel, "addresses of Slack, lists, discussions"},
	{"channels", Material, []string{"documents"}, nil, "addresses of Slack, lists, discussions"},
	{"meetings", Material, []string{"documents"}, nil, "calendars and notes"},
	{"contributing", Decided, []string{"documents"}, hasDocument("contributing guide", 100, "contributing"), "CONTRIBUTING"},
	{"activity", Material, []string{"documents"}, nil, "how contributors are found"},
	{"goals", Material, []string{"documents"}, nil, "README, charter, technical review"},
	{"what", Material, []string{"documents"}, nil, "README, technical review"},
	{"roadmap", Decided, []string{"documents", "history"}, roadmap, "a roadmap, and when it changed"},
	{"roadmap-change", Material, []string{"documents"}, nil, "how the roadmap changes"},
	{"architecture", Material, []string{"documents"}, nil, "architecture and design"},
	{"release-process", Decided, []string{"documents"}, hasDocument("document about releases", 60, "release-process", "release"), "RELEASES.md or the like"},
	{"release-expect", Material, []string{"documents"}, nil, "cadence in it"},
	{"release-tagging", Material, []string{"documents"}, nil, "tags in it"},
	{"release-branches", Material, []string{"documents"}, nil, "branches in it"},
	{"release-support", Material, []string{"documents"}, nil, "support in it"},
	{"release-artifacts", Material, []string{"documents", "releases"}, artifacts, "artifacts in it and in the releases"},
	{"releases", Decided, []string{"releases"}, cadence, "releases of the last year"},
	{"badge", Decided, []string{"badge"}, badgeLevel("passing"), "level at bestpractices.dev"},
	{"silver", Decided, []string{"badge"}, badgeLevel("silver"), "level at bestpractices.dev"},
	{"sec-report", Decided, []string{"documents"}, securityPolicy, "SECURITY with a way to report"},
	{"access", Material, []string{"documents"}, nil, "owners, permissions, two factors"},
	{"sec-roles", Material, []string{"documents"}, nil, "who responds"},
	{"audit", Material, []string{"documents"}, nil, "reports and what names them"},
	{"audit-tracked", ForPeople, nil, forPeople("Findings are often tracked in private."), "often private"},
	{"adopters", Decided, []string{"documents"}, adopters, "ADOPTERS with at least one entry"},
	{"three-adopters", Material, []string{"documents"}, countAdopters, "entries of ADOPTERS"},
	{"adopters-verified", ForPeople, nil, forPeople("The TOC interviews them."), "the TOC's work"},
	{"integrations", Material, []string{"documents"}, nil, "integrations and compatibility"},
	{"licence", Decided, []string{"documents"}, licence, "LICENSE and the CNCF's allow list"},
}

// checkFor gives the check of a criterion, or nil. A check without Run only looks for material.
func checkFor(criterion string) *Spec {
	for i := range Checks {
		if c := &Checks[i]; c.ID == criterion {
			if c.Run == nil {
				c = &Spec{c.ID, c.Kind, c.Needs, func(*Facts, Item) verdict { return verdict{} }, c.Describe}
			}
			return c
		}
	}
	return nil
}

func forPeople(why string) func(*Facts, Item) verdict {
	return func(*Facts, Item) verdict { return verdict{Unclear, why} }
}
