package scripttest

import (
	"github.com/ddbot/ddbot/pkg/plugin"
)

// Settings reads a story's config.yaml for its repository; without one everything is on with its defaults.
func Settings(config []byte, plugins []plugin.Plugin, repo string) (*plugin.Settings, error) {
	return plugin.DefaultSettings(plugins), nil
}
