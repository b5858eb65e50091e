package config_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// bare is a plugin without options.
type bare string

func (b bare) Name() string                               { return string(b) }
func (b bare) Help() string                               { return "" }
func (b bare) Commands(any) []plugin.Command              { return nil }
func (b bare) Handle(plugin.Input) ([]plan.Effect, error) { return nil, nil }

type lifecycle struct{ bare }

type lifecycleOptions struct {
	Stale  plugin.Duration  `yaml:"stale"`
	Rotten *plugin.Duration `yaml:"rotten,omitempty"`
	Grace  time.Duration    `yaml:"grace"`
	Exempt []string         `yaml:"exempt"`
	Days   int              `yaml:"days"`
	Close  bool             `yaml:"close"`
	Ratio  float64          `yaml:"ratio"`
	Free   any              `yaml:"free,omitempty"`
	Text   struct {
		Title string `yaml:"title"`
		Foot  string `yaml:"foot"`
	} `yaml:"text"`
	Groups map[string]group `yaml:"groups"`
}

type group struct {
	Labels    []string `yaml:"labels"`
	Exclusive bool     `yaml:"exclusive"`
}

type fieldError struct {
	field string
	error
}

func (e fieldError) Field() string { return e.field }

func (o *lifecycleOptions) Validate() []error {
	var errs []error
	if o.Days > 100 {
		errs = append(errs, fmt.Errorf("check options: %w", fieldError{"days", errors.New("days must be 100 at most")}))
	}
	for name, g := range o.Groups {
		for i, l := range g.Labels {
			if l == "bad" {
				errs = append(errs, fieldError{fmt.Sprintf("groups.%s.labels[%d]", name, i), errors.New("bad label")})
			}
		}
	}
	if o.Text.Title == o.Text.Foot {
		errs = append(errs, errors.New("title and foot must differ"))
	}
	return errs
}

// shared stands for defaults that a plugin carelessly shares between calls.
var shared = map[string]group{"kind": {Labels: []string{"dd"}, Exclusive: true}}

func (lifecycle) Options() any {
	o := &lifecycleOptions{Stale: 90 * plugin.Day, Exempt: []string{"frozen"}, Days: 7, Groups: shared}
	o.Text.Title, o.Text.Foot = "Stale", "Say /remove-lifecycle"
	return o
}

type label struct{ bare }

type labelOptions struct {
	Exclusive []string `yaml:"exclusive"`
	Other     bool     `yaml:"other"`
}

func (label) Options() any { return &labelOptions{Exclusive: []string{"lifecycle/*"}} }

func fakes() []plugin.Plugin {
	return []plugin.Plugin{lifecycle{"lifecycle"}, label{"label"}, bare("milestone")}
}
