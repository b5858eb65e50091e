package template

// Align gives for each heading its place in the template, or -1. Titles that a template has several times ("Required") are
// told apart by the last heading that it has only once. Those that are numbered have no place.
func Align(heads, wanted []Part) []int {
	titles := make([]Title, len(wanted))
	count := map[string]int{}
	for i, w := range wanted {
		titles[i] = NewTitle(w.Title)
		count[titles[i].Key()]++
	}
	parent, last := make([]int, len(wanted)), -1
	for i := range wanted {
		if count[titles[i].Key()] == 1 && !titles[i].Numbered() {
			last = i
		}
		parent[i] = last
	}
	out := make([]int, len(heads))
	last = -1
	for i, h := range heads {
		out[i] = -1
		t := NewTitle(h.Title)
		if t.Numbered() {
			continue
		}
		for j := range wanted {
			alone := count[titles[j].Key()] == 1
			if titles[j].Fits(t) && (alone || parent[j] == last) {
				out[i] = j
				if alone {
					last = j
				}
				break
			}
		}
	}
	return out
}
