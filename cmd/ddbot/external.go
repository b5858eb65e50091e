package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/catchup"
	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/pkg/payload"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/webhook"
)

// ownership says whose the commands are beside Prow, a line for each owner; nothing in another mode.
func ownership(c *config.Config, s *plugin.Settings) string {
	if c.Mode() != config.External {
		return ""
	}
	ours, left, both := c.Owners(s)
	var b strings.Builder
	for _, l := range []struct {
		owner   string
		plugins []string
	}{
		{"ddbot's", ours}, {"left to Prow", left}, {"on here, to be off in Prow", both},
	} {
		if len(l.plugins) > 0 {
			fmt.Fprintf(&b, "mode external, %s: %s\n", l.owner, strings.Join(l.plugins, ", "))
		}
	}
	return b.String()
}

// besideProw tells the log at the start whose the commands are, and later if Prow forwards although the configuration does not
// say so: then two bots answer.
func besideProw(c *config.Source, log logrus.FieldLogger, next webhook.InboxFunc) webhook.InboxFunc {
	for line := range strings.Lines(ownership(c.Current(), c.Current().Defaults())) {
		log.Info(strings.TrimSpace(line))
	}
	var once sync.Once
	return func(r *http.Request, e payload.Envelope, d queue.Delivery) (bool, error) {
		if r.UserAgent() == catchup.ProwHook && c.Current().Mode() != config.External {
			once.Do(func() {
				log.Warn("Prow's hook forwards deliveries, but the configuration does not say `mode: external`: commands that Prow has, too, are carried out twice")
			})
		}
		return next(r, e, d)
	}
}
