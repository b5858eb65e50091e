// Package config holds the explained configuration and the ready ones, for the commands that print what they say. (pkg/config
// reads them.)
package config

import "embed"

// Explained is ddbot.yaml: every option with its default and what it means.
//
//go:embed ddbot.yaml
var Explained []byte

// Presets are the ready configurations, each a layer as defaults are.
//
//go:embed presets/*.yaml
var Presets embed.FS
