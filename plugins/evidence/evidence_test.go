package evidence

import (
	"testing"

	"github.com/ddbot/ddbot/pkg/scripttest"

	"github.com/ddbot/ddbot/pkg/plugin"
)

func TestStories(t *testing.T) { scripttest.Run(t, []plugin.Plugin{Plugin{}}) }
