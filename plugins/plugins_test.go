package plugins_test

import (
	"testing"

	"github.com/ddbot/ddbot/pkg/scripttest"
	"github.com/ddbot/ddbot/plugins"
)

// TestStories are those in which plugins meet, with all of them on.
func TestStories(t *testing.T) { scripttest.Run(t, plugins.All()) }
