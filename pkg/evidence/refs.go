package evidence

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Ref is an address that a machine-readable file of the project names for something: a path of its repository, or mostly a
// whole address. It is a hint of somebody, not a fact.
type Ref struct {
	From    string // ".project/project.yaml", "security-insights.yml"
	Key     string // "governance.vendor_neutrality_statement"
	Address string
	Place   *Place // where it is a file on GitHub
}

// keyCriteria says which criteria a key of such a file speaks to. Keys of .project as of cncf/automation 061997e, of
// security-insights v1 and v2.1 (ossf/security-insights-spec 6656e71).
var keyCriteria = map[string][]string{
	"governance.contributing":                            {"contributing", "submit"},
	"governance.contributor_guide":                       {"contributing"},
	"governance.codeowners":                              {"ownership"},
	"governance.governance_doc":                          {"gov-doc"},
	"governance.gitvote_config":                          {"gov-current"},
	"governance.vendor_neutrality_statement":             {"gov-neutral"},
	"governance.decision_making_process":                 {"decisions"},
	"governance.roles_and_teams":                         {"roles"},
	"governance.code_of_conduct":                         {"coc"},
	"governance.sub_project_list":                        {"subprojects"},
	"governance.sub_project_docs":                        {"subproject-lead"},
	"governance.contributor_ladder":                      {"ladder"},
	"governance.change_process":                          {"submit"},
	"governance.comms_channels":                          {"channel", "channels"},
	"governance.community_calendar":                      {"meetings"},
	"governance.maintainer_lifecycle.onboarding_doc":     {"lifecycle"},
	"governance.maintainer_lifecycle.progression_ladder": {"ladder", "lifecycle"},
	"governance.maintainer_lifecycle.offboarding_policy": {"lifecycle"},
	"governance.maintainer_lifecycle.mentoring_program":  {"activity"},
	"security.policy":                                    {"sec-report"},
	"security.threat_model":                              {"self-assessment"},
	"adopters":                                           {"adopters", "three-adopters"},
	"audits.url":                                         {"audit"},
	"documentation.readme":                               {"what"},
	"documentation.support":                              {"channel"},
	"documentation.architecture":                         {"architecture"},
	"documentation.api":                                  {"docs"},
	"legal.license":                                      {"licence"},

	"project.documentation.code-of-conduct":                {"coc"},
	"project.documentation.detailed-guide":                 {"docs"},
	"project.documentation.quickstart-guide":               {"docs"},
	"project.roadmap":                                      {"roadmap"},
	"project.vulnerability-reporting.policy":               {"sec-report"},
	"project.vulnerability-reporting.security-policy":      {"sec-report"},
	"repository.documentation.contributing-guide":          {"contributing"},
	"repository.documentation.governance":                  {"gov-doc"},
	"repository.documentation.security-policy":             {"sec-report"},
	"repository.documentation.review-policy":               {"submit"},
	"repository.release.changelog":                         {"releases"},
	"repository.license.url":                               {"licence"},
	"repository.security.assessments.self.evidence":        {"self-assessment"},
	"repository.security.assessments.third-party.evidence": {"audit"},
	"contribution-policy.contributing-policy":              {"contributing"},
	"contribution-policy.code-of-conduct":                  {"coc"},
	"project-lifecycle.roadmap":                            {"roadmap"},
	"vulnerability-reporting.security-policy":              {"sec-report"},
	"security-artifacts.self-assessment.evidence-url":      {"self-assessment"},
	"security-artifacts.threat-model.evidence-url":         {"self-assessment"},
}

// Criteria are those that the reference speaks to.
func (r Ref) Criteria() []string { return keyCriteria[r.Key] }

// bounds of a YAML file that somebody else wrote.
const (
	maxAliases = 50
	maxNodes   = 20_000
)

var errTooMuch = errors.New("it has too many aliases or entries to be read safely")

// parseYAML reads one document without following aliases, and refuses files that would grow when they are followed.
func parseYAML(data []byte) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, err
	}
	nodes, aliases := 0, 0
	if !count(&doc, &nodes, &aliases) {
		return nil, errTooMuch
	}
	if len(doc.Content) == 0 {
		return &yaml.Node{Kind: yaml.MappingNode}, nil
	}
	return doc.Content[0], nil
}

func count(n *yaml.Node, nodes, aliases *int) bool {
	*nodes++
	if n.Kind == yaml.AliasNode {
		*aliases++
	}
	if *nodes > maxNodes || *aliases > maxAliases {
		return false
	}
	for _, c := range n.Content {
		if !count(c, nodes, aliases) {
			return false
		}
	}
	return true
}

// child gives the value of a key of a mapping, or nil.
func child(n *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		n = follow(n)
		if n == nil || n.Kind != yaml.MappingNode {
			return nil
		}
		var next *yaml.Node
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == key {
				next = n.Content[i+1]
			}
		}
		n = next
	}
	return follow(n)
}

// follow resolves one alias; an alias of an alias is none.
func follow(n *yaml.Node) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func text(n *yaml.Node) string {
	if n = follow(n); n != nil && n.Kind == yaml.ScalarNode {
		return strings.TrimSpace(n.Value)
	}
	return ""
}

func list(n *yaml.Node) []*yaml.Node {
	switch n = follow(n); {
	case n == nil:
		return nil
	case n.Kind == yaml.SequenceNode:
		return n.Content
	}
	return []*yaml.Node{n}
}

// collect walks a mapping and keeps what stands at known keys: a string, a {path: …}, or lists of these.
func collect(n *yaml.Node, key, from string, depth int, keep func(Ref)) {
	n = follow(n)
	if n == nil || depth > 8 {
		return
	}
	switch n.Kind {
	case yaml.ScalarNode:
		if _, known := keyCriteria[key]; known && text(n) != "" {
			keep(Ref{From: from, Key: key, Address: text(n), Place: placeOf(text(n))})
		}
	case yaml.SequenceNode:
		for _, c := range n.Content {
			collect(c, key, from, depth+1, keep)
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			name := n.Content[i].Value
			switch {
			case name == "path":
				collect(n.Content[i+1], key, from, depth+1, keep)
			case key == "":
				collect(n.Content[i+1], name, from, depth+1, keep)
			default:
				collect(n.Content[i+1], key+"."+name, from, depth+1, keep)
			}
		}
	}
}

// DotProject is what a .project repository says of one project.
type DotProject struct {
	Slug, Name string
	Repos      []string // OWNER/NAME
	Refs       []Ref
	Logins     []string // of every team without "managed: false"
}

// readProject reads project.yaml. Fields that are a string or something else are decoded by hand.
func readProject(data []byte, from string) (*DotProject, error) {
	root, err := parseYAML(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", from, err)
	}
	p := &DotProject{Slug: text(child(root, "slug")), Name: text(child(root, "name"))}
	for _, r := range list(child(root, "repositories")) {
		address := text(r)
		for _, key := range []string{"url", "repo_url", "name"} {
			if address == "" {
				address = text(child(r, key))
			}
		}
		if at := placeOf(address); at != nil && at.Path == "" {
			p.Repos = append(p.Repos, at.Repo)
		}
	}
	collect(root, "", from, 0, func(r Ref) { p.Refs = append(p.Refs, r) })
	return p, nil
}

// Maintainers gives the logins of a project in a .project repository's maintainers.yaml, of every team without "managed: false"; of
// all projects in it where none has that id.
func Maintainers(data []byte, id string) ([]string, error) { return readTeams(data, id) }

// readTeams gives the logins of a project in maintainers.yaml; of all projects where none has that id.
func readTeams(data []byte, id string) ([]string, error) {
	root, err := parseYAML(data)
	if err != nil {
		return nil, err
	}
	entries := list(root)
	if m := child(root, "maintainers"); m != nil {
		entries = list(m)
	}
	var own, all []string
	for _, e := range entries {
		var logins []string
		for _, team := range list(child(e, "teams")) {
			if strings.EqualFold(text(child(team, "managed")), "false") {
				continue
			}
			for _, m := range list(child(team, "members")) {
				if login := strings.TrimPrefix(text(m), "@"); login != "" {
					logins = append(logins, login)
				}
			}
		}
		all = append(all, logins...)
		if id != "" && text(child(e, "project_id")) == id {
			own = append(own, logins...)
		}
	}
	if own == nil {
		own = all
	}
	return uniqueFold(own), nil
}

func uniqueFold(names []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, n := range names {
		if k := strings.ToLower(n); !seen[k] {
			seen[k] = true
			out = append(out, n)
		}
	}
	return out
}

// orgFolders gives the folders of the projects of an org.yaml; "." is the root.
func orgFolders(data []byte) ([]string, error) {
	root, err := parseYAML(data)
	if err != nil {
		return nil, err
	}
	folders := []string{}
	for _, p := range list(child(root, "projects")) {
		folder := text(child(p, "path"))
		if folder == "" {
			folder = text(child(p, "id"))
		}
		folders = append(folders, path.Clean(strings.Trim(folder, "/")))
	}
	return folders, nil
}

// readInsights reads a security-insights file of version 1 or 2. Only what the specification calls evidence is some: the
// comment of a self-assessment is mandatory even where there is none.
func readInsights(data []byte, from string) ([]Ref, error) {
	root, err := parseYAML(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", from, err)
	}
	var refs []Ref
	collect(root, "", from, 0, func(r Ref) { refs = append(refs, r) })
	return refs, nil
}
