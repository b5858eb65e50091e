package config

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// Overridable tells whether a repository's own file can set anything: where it cannot, nobody needs to read it.
func (c *Config) Overridable() bool { return len(c.keys) > 0 }

// OwnFile is for a GitHub Action, where the repository's own file is the whole configuration: it may set everything.
type OwnFile struct{ config *Config }

// NewOwnFile makes the defaults that the file changes.
func NewOwnFile(plugins []plugin.Plugin) OwnFile {
	c := Default(plugins)
	for _, key := range layerKeys() {
		c.keys = append(c.keys, []string{key})
	}
	return OwnFile{c}
}

// ErrOwnFile says that the repository's own file is not right. Nothing is done then: to run with the defaults instead would do what
// nobody wanted.
var ErrOwnFile = errors.New("the configuration is not right")

// Read gives the settings that such a file makes, and all that is wrong with it.
func (o OwnFile) Read(ref issue.Ref, text []byte) (*plugin.Settings, []error) {
	return o.config.ForWith(ref, text)
}

// Of reads the file and gives the settings.
func (o OwnFile) Of(ctx context.Context, gh Files, ref issue.Ref) (*plugin.Settings, error) {
	text, _, err := gh.File(ctx, ref, OverrideFile)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", OverrideFile, err)
	}
	s, wrong := o.Read(ref, text)
	if len(wrong) > 0 {
		return nil, fmt.Errorf("%w: %w", ErrOwnFile, errors.Join(wrong...))
	}
	return s, nil
}

// layerKeys are the keys of a layer, by name.
func layerKeys() []string {
	var keys []string
	for f := range typeLayer.Fields() {
		keys = append(keys, f.Tag.Get("yaml"))
	}
	slices.Sort(keys)
	return keys
}
