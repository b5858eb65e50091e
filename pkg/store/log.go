package store

import (
	"context"
	"log/slog"
	"strings"

	"github.com/sirupsen/logrus"
)

// logHandler sends River's log to ours. What River calls information is of interest when River is debugged only.
type logHandler struct{ log logrus.FieldLogger }

func (h logHandler) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelInfo }

func (h logHandler) Handle(_ context.Context, r slog.Record) error {
	log := h.log
	r.Attrs(func(a slog.Attr) bool {
		log = log.WithField(a.Key, a.Value.String())
		return true
	})
	switch {
	case stopping(r):
		log.Debug(r.Message) // what was under way when the process was told to stop
	case r.Level >= slog.LevelError:
		log.Error(r.Message)
	case r.Level >= slog.LevelWarn:
		log.Warn(r.Message)
	default:
		log.Debug(r.Message)
	}
	return nil
}

// stopping tells whether River complains of nothing but that it was told to stop.
func stopping(r slog.Record) (yes bool) {
	r.Attrs(func(a slog.Attr) bool {
		yes = yes || strings.Contains(a.Value.String(), context.Canceled.Error())
		return !yes
	})
	return yes || strings.Contains(r.Message, context.Canceled.Error())
}

func (h logHandler) WithAttrs(as []slog.Attr) slog.Handler {
	log := h.log
	for _, a := range as {
		log = log.WithField(a.Key, a.Value.String())
	}
	return logHandler{log}
}

func (h logHandler) WithGroup(string) slog.Handler { return h }
