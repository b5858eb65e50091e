package action_test

import (
	"testing"

	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/scripttest"
	"github.com/ddbot/ddbot/plugins/assign"
	"github.com/ddbot/ddbot/plugins/dd"
	"github.com/ddbot/ddbot/plugins/label"
	"github.com/ddbot/ddbot/plugins/lifecycle"
)

// TestStories: what the Action does is what the server does, whenever a run dies. All stories of the plugins show that; this one is here
// for who changes the Action.
func TestStories(t *testing.T) {
	scripttest.Run(t, []plugin.Plugin{assign.Plugin{}, dd.Plugin{}, label.Plugin{}, lifecycle.Plugin{}})
}
