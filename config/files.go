// Package config holds the explained configuration, for the commands that print what it says. (pkg/config reads it.)
package config

import _ "embed"

// Explained is ddbot.yaml: every option with its default and what it means.
//
//go:embed ddbot.yaml
var Explained []byte
