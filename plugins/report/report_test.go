package report

import (
	"testing"

	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/scripttest"
	"github.com/ddbot/ddbot/plugins/dd"
	"github.com/ddbot/ddbot/plugins/diligence"
	"github.com/ddbot/ddbot/plugins/stage"
)

func TestStories(t *testing.T) {
	scripttest.Run(t, []plugin.Plugin{dd.Plugin{}, stage.Plugin{}, Plugin{}, diligence.Plugin{}})
}
