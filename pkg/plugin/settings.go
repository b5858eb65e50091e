package plugin

// Settings is what the configuration says for one repository.
type Settings struct {
	Catalog *Catalog       // the plugins that are on, with their commands
	Options map[string]any // by plugin name: pointers of the types that the plugins' Options methods give
	Roles   map[Role]People
	Tracked Tracked
	Bots    []string // logins of bots whose comments may carry commands
	// OtherCommands are words of other bots\' commands, as patterns: they are never taken for mistyped ones of ddbot\'s.
	OtherCommands []string
}

// People says who is in a role, beyond what the role's name itself means.
type People struct {
	Users []string `yaml:"users,omitempty"` // logins
	Teams []string `yaml:"teams,omitempty"` // org/team
}

// Tracked says which issues ddbot looks after without being asked (design, invariant 9).
type Tracked struct {
	Labels []string `yaml:"labels,omitempty"` // globs: an issue with one of them is tracked
	All    bool     `yaml:"all,omitempty"`    // every issue is, as an operator of Prow wants it
}

// DefaultTracked are the labels of promotion issues in cncf/toc and the like.
var DefaultTracked = Tracked{Labels: []string{"kind/dd", "dd/*"}}

// DefaultSettings turns all plugins on with their defaults, as for a repository without any configuration.
func DefaultSettings(plugins []Plugin) *Settings {
	s := &Settings{Options: map[string]any{}, Tracked: DefaultTracked}
	for _, p := range plugins {
		if c, ok := p.(Configurable); ok {
			s.Options[p.Name()] = c.Options()
		}
	}
	s.Catalog = NewCatalog(plugins, s.Options)
	return s
}
