package dev.guildcast.witness.verdict;

import dev.guildcast.witness.Entry;
import dev.guildcast.witness.verdict.Fault.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The numbers of a client's dispatches: 1, 2, 3 … in each session over any number of connections; RESUMED repeats the
/// number before it, once for each connection that resumed.
final class SequenceCheck {
    private SequenceCheck() {}

    static List<Fault> check(List<Entry> entries) {
        var faults = new ArrayList<Fault>();
        Set<Integer> resumed = new HashSet<>();
        int last = -1;
        for (Entry entry : entries) {
            if (!(entry instanceof Entry.Dispatch dispatch)) {
                continue;
            }
            int sequence = dispatch.sequence();
            String what = dispatch.type() + " has s " + sequence;
            if (dispatch.type().equals("READY")) {
                last = 1;
                if (sequence != 1) {
                    faults.add(new Fault(Kind.SEQUENCE, what + " (expected: 1)"));
                }
            } else if (last < 0) {
                faults.add(new Fault(Kind.SEQUENCE, what + " before any READY"));
            } else if (dispatch.type().equals("RESUMED")) {
                if (sequence != last) {
                    faults.add(new Fault(Kind.SEQUENCE, what + " (expected: that of the frame before, " + last + ")"));
                }
                if (!resumed.add(dispatch.connection())) {
                    faults.add(new Fault(Kind.SEQUENCE, "a second RESUMED on connection " + dispatch.connection()));
                }
            } else {
                if (sequence != last + 1) {
                    faults.add(new Fault(Kind.SEQUENCE, what + " (expected: " + (last + 1) + ")"));
                }
                last = Math.max(last, sequence);
            }
        }
        return faults;
    }
}
