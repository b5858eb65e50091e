package stage

import (
	"fmt"
	"maps"
	"slices"

	"github.com/ddbot/ddbot/pkg/plugin"
)

// Labels are those of all groups.
func (Plugin) Labels(options any) []plugin.Label {
	o, ok := options.(*Options)
	if !ok {
		return nil
	}
	var out []plugin.Label
	for _, word := range slices.Sorted(maps.Keys(o.Groups)) {
		for _, v := range o.Groups[word].Values {
			out = append(out, plugin.Label{Name: v.Label, Color: "c5def5", Description: fmt.Sprintf("Due diligence: %s is %s.", word, v.Name)})
		}
	}
	return out
}
