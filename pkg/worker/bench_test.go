package worker

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/store"
	"github.com/ddbot/ddbot/pkg/store/pgtest"
	"github.com/ddbot/ddbot/pkg/store/storetest"
)

// bench runs f for both databases.
func bench(b *testing.B, f func(b *testing.B, db *store.DB)) {
	b.Run("sqlite", func(b *testing.B) { f(b, storetest.Open(b, storetest.SQLite(b))) })
	b.Run("postgres", func(b *testing.B) { f(b, storetest.Open(b, pgtest.Start(b).Database(b))) })
}

func benchStart(b *testing.B, db *store.DB, workers int, h queue.Handler) *Worker {
	w, err := Start(context.Background(), Config{Store: db, Workers: workers, Log: storetest.Quiet(), Handle: h})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { w.Stop(context.Background()) })
	return w
}

// BenchmarkReceive stores deliveries of 2 KB for 1,000 keys from 64 senders; nobody drains.
func BenchmarkReceive(b *testing.B) {
	bench(b, func(b *testing.B, db *store.DB) {
		var n atomic.Int64
		payload := make([]byte, 2<<10)
		b.SetParallelism(64 / runtime.GOMAXPROCS(0))
		b.ResetTimer()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				i := n.Add(1)
				d := queue.Delivery{GUID: fmt.Sprint(i), Key: fmt.Sprintf("k%d", i%1000), Payload: payload}
				if _, err := db.Receive(context.Background(), d); err != nil {
					b.Error(err)
				}
			}
		})
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deliveries/s")
	})
}

// BenchmarkDrain works off 10,000 deliveries for 1,000 keys with 32 workers.
func BenchmarkDrain(b *testing.B) {
	const total, keys = 10_000, 1000
	bench(b, func(b *testing.B, db *store.DB) {
		for round := range b.N {
			b.StopTimer()
			receiveMany(b, db, round, total, keys)
			var n atomic.Int64
			done := make(chan struct{})
			b.StartTimer()
			w := benchStart(b, db, 32, func(_ context.Context, w queue.Batch) error {
				if n.Add(int64(len(w.Deliveries()))) == total {
					close(done)
				}
				return nil
			})
			<-done
			b.StopTimer()
			if err := w.Stop(context.Background()); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
		}
		b.ReportMetric(total*float64(b.N)/b.Elapsed().Seconds(), "deliveries/s")
	})
}

func receiveMany(b *testing.B, db *store.DB, round, total, keys int) {
	work := make(chan int)
	done := make(chan error)
	for range 64 {
		go func() {
			var failed error
			for i := range work {
				d := queue.Delivery{GUID: fmt.Sprintf("%d-%d", round, i), Key: fmt.Sprintf("k%d", i%keys), Payload: make([]byte, 2<<10)}
				if _, err := db.Receive(context.Background(), d); err != nil {
					failed = err
				}
			}
			done <- failed
		}()
	}
	for i := range total {
		work <- i
	}
	close(work)
	for range 64 {
		if err := <-done; err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkIdleLatency measures from the call of Receive until the handler starts, on an idle worker; and the CPU that
// the idle worker takes.
func BenchmarkIdleLatency(b *testing.B) {
	bench(b, func(b *testing.B, db *store.DB) {
		started := make(chan time.Time, 1)
		benchStart(b, db, 8, func(context.Context, queue.Batch) error {
			started <- time.Now()
			return nil
		})
		time.Sleep(time.Second) // the start is over
		cpu, idle := cpuTime(b), 10*time.Second
		time.Sleep(idle)
		percent := 100 * float64(cpuTime(b)-cpu) / float64(idle)
		var took []time.Duration
		for i := 0; b.Loop(); i++ {
			b.StopTimer()
			time.Sleep(20 * time.Millisecond)
			b.StartTimer()
			start := time.Now()
			if _, err := db.Receive(context.Background(), queue.Delivery{GUID: fmt.Sprint(i), Key: fmt.Sprint(i)}); err != nil {
				b.Fatal(err)
			}
			took = append(took, (<-started).Sub(start))
		}
		slices.Sort(took)
		ms := func(q int) float64 { return float64(took[(len(took)-1)*q/100].Microseconds()) / 1000 }
		b.ReportMetric(percent, "%cpu-idle")
		b.ReportMetric(ms(50), "p50-ms")
		b.ReportMetric(ms(99), "p99-ms")
	})
}
