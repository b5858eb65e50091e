package config

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	files "github.com/ddbot/ddbot/config"
)

// Presets are the names of the ready configurations.
func Presets() []string {
	entries, err := files.Presets.ReadDir("presets")
	if err != nil {
		panic(err) // they are part of the program
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	slices.Sort(names)
	return names
}

// Preset is the text of a ready configuration, a layer; ok is false where there is none of that name.
func Preset(name string) (text []byte, ok bool) {
	text, err := files.Presets.ReadFile("presets/" + name + ".yaml")
	return text, err == nil
}

// withPresets puts the preset that a layer names below that layer.
func withPresets(layers []layer) []layer {
	var out []layer
	for _, l := range layers {
		if n := get(l.node, "preset"); n != nil && n.Value != "" {
			if text, ok := Preset(n.Value); ok {
				out = append(out, layer{file: "preset " + n.Value, node: mapping(text)})
			}
		}
		out = append(out, l)
	}
	return out
}

// mapping reads a preset, which a test has checked.
func mapping(text []byte) *yaml.Node {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil || len(doc.Content) == 0 {
		return nil
	}
	return doc.Content[0]
}
