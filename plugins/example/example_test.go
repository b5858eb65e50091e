package example

import (
	"testing"

	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/scripttest"
)

func TestStories(t *testing.T) { scripttest.Run(t, []plugin.Plugin{Plugin{}}) }
