package scripttest

import (
	"fmt"
	"sync"

	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// settings keeps what Settings has read: a story is played a hundred times.
var settings sync.Map

type read struct {
	settings *plugin.Settings
	err      error
}

// Settings reads a story's config.yaml for its repository; without one everything is on with its defaults.
func Settings(data []byte, plugins []plugin.Plugin, repo string) (*plugin.Settings, error) {
	key := repo + "\n" + string(data)
	for _, p := range plugins {
		key += "\n" + p.Name()
	}
	if data == nil {
		key += "\nnone"
	}
	if s, ok := settings.Load(key); ok {
		return s.(read).settings, s.(read).err
	}
	s, err := parse(data, plugins, repo)
	settings.Store(key, read{s, err})
	return s, err
}

func parse(data []byte, plugins []plugin.Plugin, repo string) (*plugin.Settings, error) {
	if data == nil {
		return plugin.DefaultSettings(plugins), nil
	}
	cfg, err := config.Parse("config.yaml", data, plugins)
	if err != nil {
		return nil, err
	}
	ref, err := issue.ParseRef(repo + "#1")
	if err != nil {
		return nil, err
	}
	s, ok := cfg.For(ref)
	if !ok {
		return nil, fmt.Errorf("config.yaml leaves %s alone: the story would be about nothing", repo)
	}
	return s, nil
}
