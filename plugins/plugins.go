// Package plugins is the list of what ddbot can do.
package plugins

import (
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/plugins/assign"
	"github.com/ddbot/ddbot/plugins/dd"
	"github.com/ddbot/ddbot/plugins/diligence"
	"github.com/ddbot/ddbot/plugins/evidence"
	"github.com/ddbot/ddbot/plugins/example"
	"github.com/ddbot/ddbot/plugins/guard"
	"github.com/ddbot/ddbot/plugins/helpwanted"
	"github.com/ddbot/ddbot/plugins/label"
	"github.com/ddbot/ddbot/plugins/lifecycle"
	"github.com/ddbot/ddbot/plugins/milestone"
	"github.com/ddbot/ddbot/plugins/report"
	"github.com/ddbot/ddbot/plugins/retitle"
	"github.com/ddbot/ddbot/plugins/stage"
)

// All gives the plugins, in the order in which help shows them. Commands run in the order in
// which people wrote them.
func All() []plugin.Plugin {
	return []plugin.Plugin{
		dd.Plugin{},
		evidence.Plugin{},
		example.Plugin{},
		report.Plugin{},
		stage.Plugin{},
		guard.Plugin{},
		lifecycle.Plugin{},
		label.Plugin{},
		assign.Plugin{},
		milestone.Plugin{},
		retitle.Plugin{},
		helpwanted.Plugin{},
		diligence.Plugin{}, // the last: its comment shows what all others have done
	}
}
