package config

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/plugin"
)

// SourceOptions are a Source's surroundings.
type SourceOptions struct {
	Log logrus.FieldLogger
	Now func() time.Time
	// OnReload is told of every attempt to read a changed file: for a metric. nil is fine.
	OnReload func(err error)
}

// Source is a configuration file that may change. A whole valid configuration replaces the last one; a broken file
// replaces nothing.
type Source struct {
	path    string
	plugins []plugin.Plugin
	opts    SourceOptions
	state   atomic.Pointer[state]
	tried   content // what was read last, taken or not; only NewSource and Watch touch it
}

type state struct {
	config   *Config
	err      error
	loadedAt time.Time
}

// content is what there is to read: a text, or why there is none.
type content struct{ text, err string }

const (
	poll = time.Second
	// settle is how long a file must look the same before it counts. A half-written file may well be valid.
	settle = 100 * time.Millisecond
)

// NewSource reads the file for the first time. Here a broken or missing file is an error: there is no older
// configuration to keep, and running with all defaults instead would touch repositories that were not meant. The empty
// path is no file: the defaults.
func NewSource(path string, plugins []plugin.Plugin, opts SourceOptions) (*Source, error) {
	s := &Source{path: path, plugins: plugins, opts: opts}
	if path == "" {
		s.state.Store(&state{config: Default(plugins), loadedAt: opts.Now()})
		return s, nil
	}
	s.tried = s.read()
	c, err := s.parse(s.tried)
	if err != nil {
		return nil, err
	}
	s.state.Store(&state{config: c, loadedAt: opts.Now()})
	return s, nil
}

// Current gives the last valid configuration.
func (s *Source) Current() *Config { return s.state.Load().config }

// Err says why the file as it is now was not taken; nil when it was.
func (s *Source) Err() error { return s.state.Load().err }

// LoadedAt is when the current configuration was read.
func (s *Source) LoadedAt() time.Time { return s.state.Load().loadedAt }

// Watch takes over changes of the file until the context ends. It is to run once. It reads the file again and again: to be
// told of changes by the system is faster by half a second, and does not work on network file systems.
func (s *Source) Watch(ctx context.Context) {
	if s.path == "" {
		return
	}
	wait := time.NewTimer(poll)
	defer wait.Stop()
	seen := s.tried
	for {
		select {
		case <-ctx.Done():
			return
		case <-wait.C:
		}
		now := s.read()
		switch {
		case now != seen:
			seen = now
			wait.Reset(settle)
			continue
		case now != s.tried:
			s.take(now)
		}
		wait.Reset(poll)
	}
}

func (s *Source) read() content {
	data, err := os.ReadFile(s.path)
	if err != nil {
		return content{err: err.Error()}
	}
	return content{text: string(data)}
}

func (s *Source) parse(c content) (*Config, error) {
	if c.err != "" {
		return nil, fmt.Errorf("read the configuration: %s", c.err)
	}
	return Parse(s.path, []byte(c.text), s.plugins)
}

// take makes what was read the current configuration, if it is one.
func (s *Source) take(c content) {
	s.tried = c
	config, err := s.parse(c)
	next := state{config: config, err: err, loadedAt: s.opts.Now()}
	if err != nil {
		old := s.state.Load()
		next.config, next.loadedAt = old.config, old.loadedAt
		s.complain(err)
	} else {
		s.opts.Log.WithField("file", s.path).Info("A new configuration is in use")
	}
	s.state.Store(&next)
	if s.opts.OnReload != nil {
		s.opts.OnReload(err)
	}
}

func (s *Source) complain(err error) {
	all := []error{err}
	if found, ok := errors.AsType[Errors](err); ok {
		all = found.Unwrap()
	}
	for _, one := range all {
		s.opts.Log.WithError(one).Error("The configuration is broken; the last good one stays in use")
	}
}
