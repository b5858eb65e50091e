package demo

import "strings"

// repoLabels are the labels of the demo's repository, as a technical oversight committee has them: most commands can only
// set what exists.
var repoLabels = strings.Fields(`
	dd/needs-triage dd/triage/needs-adopters dd/triage/needs-more-information dd/triage/needs-security-assessment
	dd/status/ready-for-assignment dd/status/in-progress dd/status/in-comment-period dd/status/in-voting
	dd/status/waiting dd/status/complete
	dd/adopters/not-started dd/adopters/in-progress dd/adopters/complete
	dd/gov-review/not-started dd/gov-review/in-progress dd/gov-review/complete
	dd/sec-review/not-started dd/sec-review/in-progress dd/sec-review/complete
	dd/tech-review/not-started dd/tech-review/in-progress dd/tech-review/complete
	kind/dd kind/docs kind/enhancement kind/initiative kind/review
	level/sandbox level/incubation level/graduation level/archived
	lifecycle/active lifecycle/frozen lifecycle/stale lifecycle/rotten
	needs-kind needs-triage needs-group
	triage/valid triage/needs-information triage/duplicate triage/not-planned
	tag/developer-experience tag/infrastructure tag/operational-resilience tag/security-and-compliance tag/workloads-foundation
	toc vote/open vote/closed`)
