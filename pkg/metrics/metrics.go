// Package metrics is what ddbot tells Prometheus. All names begin with ddbot_; labels have few values.
package metrics

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/ddbot/ddbot/pkg/decide"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/queue"
)

// Metrics counts. Its methods may be called from several goroutines.
type Metrics struct {
	registry   *prometheus.Registry
	deliveries *prometheus.CounterVec
	outcomes   *prometheus.CounterVec
	refused    prometheus.Counter
	braked     prometheus.Counter
	rebases    prometheus.Counter
	batches    *prometheus.CounterVec
	waited     prometheus.Histogram
	took       prometheus.Histogram
	calls      *prometheus.CounterVec
	callTook   *prometheus.HistogramVec
	remaining  prometheus.Gauge
	configOK   prometheus.Gauge
	reloads    *prometheus.CounterVec
	sweeps     *prometheus.CounterVec
	catchup    *prometheus.CounterVec
}

// New makes the metrics.
func New() *Metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "ddbot_" + name, Help: help}, labels)
	}
	histogram := func(name, help string) prometheus.HistogramOpts {
		return prometheus.HistogramOpts{Name: "ddbot_" + name, Help: help, Buckets: prometheus.ExponentialBuckets(0.001, 2.5, 14)}
	}
	m := &Metrics{
		registry:   prometheus.NewRegistry(),
		deliveries: counter("deliveries_total", "Webhook deliveries by event and by what became of them (queued, duplicate, ignored, refused, failed, pong).", "event", "outcome"),
		outcomes:   counter("effects_total", "Planned effects by plugin and kind.", "plugin", "effect"),
		refused:    prometheus.NewCounter(prometheus.CounterOpts{Name: "ddbot_commands_refused_total", Help: "Commands that were refused or not understood."}),
		braked:     prometheus.NewCounter(prometheus.CounterOpts{Name: "ddbot_loops_braked_total", Help: "Times that ddbot left something undone because it and another account kept undoing or answering each other."}),
		rebases:    prometheus.NewCounter(prometheus.CounterOpts{Name: "ddbot_rebases_total", Help: "Edits of ddbot that had overwritten a person's edit, which was put back."}),
		batches:    counter("batches_total", "Batches of deliveries of one issue, by result: done, retried (our failure), dead (our last), waiting (GitHub's outage or limit), overtaken (something else came for the issue first), stopped.", "result"),
		waited:     prometheus.NewHistogram(histogram("queue_wait_seconds", "Time from the receipt of a delivery until work on it began.")),
		took:       prometheus.NewHistogram(histogram("batch_seconds", "Time that work on one batch took.")),
		calls:      counter("github_requests_total", "Requests to GitHub by method, route and status (0: no answer).", "method", "route", "status"),
		callTook:   prometheus.NewHistogramVec(histogram("github_request_seconds", "Time of requests to GitHub."), []string{"method"}),
		remaining:  prometheus.NewGauge(prometheus.GaugeOpts{Name: "ddbot_github_ratelimit_remaining", Help: "What GitHub said last of the requests left in this hour."}),
		configOK:   prometheus.NewGauge(prometheus.GaugeOpts{Name: "ddbot_config_ok", Help: "1 if the configuration file as it is now is in use, 0 if it is broken and the last good one is."}),
		reloads:    counter("config_reloads_total", "Attempts to take over a changed configuration file.", "result"),
		sweeps:     counter("sweeps_total", "Sweeps over repositories, by result.", "result"),
		catchup:    counter("catchup_total", "Deliveries or comments that had been missed and were made up for, by source.", "source"),
	}
	m.configOK.Set(1)
	m.registry.MustRegister(m.deliveries, m.outcomes, m.refused, m.braked, m.rebases, m.batches, m.waited, m.took, m.calls, m.callTook,
		m.remaining, m.configOK, m.reloads, m.sweeps, m.catchup,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Build tells which program this is.
func (m *Metrics) Build(version, commit string) {
	info := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "ddbot_build_info", Help: "1, labelled with the version and the commit that run."}, []string{"version", "commit"})
	info.WithLabelValues(version, commit).Set(1)
	m.registry.MustRegister(info)
}

// Queue adds the queue's depth, which is asked from the inbox at every scrape.
func (m *Metrics) Queue(inbox queue.Inbox, now func() time.Time) {
	m.registry.MustRegister(&depth{inbox, now})
}

// Handler serves /metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{EnableOpenMetrics: true})
}

// Delivery counts a webhook delivery.
func (m *Metrics) Delivery(event, outcome string) { m.deliveries.WithLabelValues(event, outcome).Inc() }

// Call counts a request to GitHub.
func (m *Metrics) Call(c github.Call) {
	m.calls.WithLabelValues(c.Method, c.Route, strconv.Itoa(c.Status)).Inc()
	m.callTook.WithLabelValues(c.Method).Observe(c.Took.Seconds())
	if c.Remaining >= 0 {
		m.remaining.Set(float64(c.Remaining))
	}
}

// Planned counts what a plan holds.
func (m *Metrics) Planned(_ decide.Input, o *decide.Decision) {
	for _, p := range o.Effects {
		m.outcomes.WithLabelValues(p.Plugin, plan.KindOf(p.Effect)).Inc()
		if _, ok := p.Effect.(plan.Rebase); ok {
			m.rebases.Inc()
		}
	}
	m.refused.Add(float64(o.Refused))
	m.braked.Add(float64(len(o.Braked)))
}

// Batch counts what became of a batch.
func (m *Metrics) Batch(result string, waited, took time.Duration) {
	m.batches.WithLabelValues(result).Inc()
	m.waited.Observe(waited.Seconds())
	m.took.Observe(took.Seconds())
}

// Reloaded counts an attempt to take a configuration over.
func (m *Metrics) Reloaded(err error) {
	result, ok := "ok", 1.0
	if err != nil {
		result, ok = "broken", 0
	}
	m.reloads.WithLabelValues(result).Inc()
	m.configOK.Set(ok)
}

// Sweep counts a sweep over all repositories.
func (m *Metrics) Sweep(err error) {
	result := "ok"
	if err != nil {
		result = "failed"
	}
	m.sweeps.WithLabelValues(result).Inc()
}

// CaughtUp counts what had been missed.
func (m *Metrics) CaughtUp(source string, n int) { m.catchup.WithLabelValues(source).Add(float64(n)) }

// depth asks the queue at every scrape.
type depth struct {
	inbox queue.Inbox
	now   func() time.Time
}

var (
	pendingDesc = prometheus.NewDesc("ddbot_queue_pending", "Deliveries that wait or are worked on.", nil, nil)
	deadDesc    = prometheus.NewDesc("ddbot_queue_dead", "Deliveries that ddbot gave up on; see ddbot dead list.", nil, nil)
	oldestDesc  = prometheus.NewDesc("ddbot_queue_oldest_seconds", "Age of the oldest delivery that waits, 0 without one.", nil, nil)
)

func (d *depth) Describe(ch chan<- *prometheus.Desc) {
	ch <- pendingDesc
	ch <- deadDesc
	ch <- oldestDesc
}

func (d *depth) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	now, err := d.inbox.Depth(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(pendingDesc, err)
		return
	}
	age := 0.0
	if !now.Oldest.IsZero() {
		age = d.now().Sub(now.Oldest).Seconds()
	}
	ch <- prometheus.MustNewConstMetric(pendingDesc, prometheus.GaugeValue, float64(now.Pending))
	ch <- prometheus.MustNewConstMetric(deadDesc, prometheus.GaugeValue, float64(now.Dead))
	ch <- prometheus.MustNewConstMetric(oldestDesc, prometheus.GaugeValue, age)
}
