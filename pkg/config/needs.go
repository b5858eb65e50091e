package config

import (
	"maps"
	"slices"

	"github.com/ddbot/ddbot/pkg/rights"
)

// Needs are the permissions that the configuration makes ddbot need at GitHub, anywhere.
func (c *Config) Needs() []rights.Need {
	own := rights.Own{File: c.Overridable()}
	for _, key := range c.keys {
		own.Teams = own.Teams || rights.NamesTeams(key, c.plugins)
	}
	return rights.Of(slices.Collect(maps.Values(c.built)), own)
}
