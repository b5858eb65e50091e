// Package plugins is the list of what ddbot can do.
package plugins

import (
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/plugins/dd"
)

// All gives the plugins, in the order in which help shows them. Order has no other meaning: commands run in the order in
// which people wrote them.
func All() []plugin.Plugin {
	return []plugin.Plugin{
		dd.Plugin{},
	}
}
