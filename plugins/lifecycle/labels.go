package lifecycle

import (
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/stale"
)

// Labels are the four of the life cycle, in the colours that they have in Kubernetes.
func (Plugin) Labels(any) []plugin.Label {
	return []plugin.Label{
		{Name: stale.Active, Color: "8fc951", Description: "Somebody is working on this."},
		{Name: stale.Frozen, Color: "d3e2f0", Description: "This never goes stale."},
		{Name: stale.Stale, Color: "795548", Description: "Nobody has been active here for a while."},
		{Name: stale.Rotten, Color: "604460", Description: "Nobody has been active here since it went stale."},
	}
}
