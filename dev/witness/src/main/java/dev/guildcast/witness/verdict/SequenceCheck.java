package dev.guildcast.witness.verdict;

import dev.guildcast.witness.Observation;
import dev.guildcast.witness.verdict.DeliveryFault.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Verifies the sequence numbers of a client's dispatches: 1, 2, 3 … in each session over any number of connections;
/// RESUMED repeats the previous number, once for each connection that resumed.
final class SequenceCheck {
    private SequenceCheck() {}

    static List<DeliveryFault> check(List<Observation> observations) {
        var faults = new ArrayList<DeliveryFault>();
        Set<Integer> resumed = new HashSet<>();
        int last = -1;
        for (Observation observation : observations) {
            if (!(observation instanceof Observation.ReceivedDispatch dispatch)) {
                continue;
            }
            int sequence = dispatch.sequence();
            String what = dispatch.type() + " has s " + sequence;
            if (dispatch.type().equals("READY")) {
                last = 1;
                if (sequence != 1) {
                    faults.add(new DeliveryFault(Kind.SEQUENCE, what + " (expected: 1)"));
                }
            } else if (last < 0) {
                faults.add(new DeliveryFault(Kind.SEQUENCE, what + " before any READY"));
            } else if (dispatch.type().equals("RESUMED")) {
                if (sequence != last) {
                    faults.add(new DeliveryFault(
                            Kind.SEQUENCE, what + " (expected: that of the frame before, " + last + ")"));
                }
                if (!resumed.add(dispatch.connection())) {
                    faults.add(new DeliveryFault(
                            Kind.SEQUENCE, "a second RESUMED on connection " + dispatch.connection()));
                }
            } else {
                if (sequence != last + 1) {
                    faults.add(new DeliveryFault(Kind.SEQUENCE, what + " (expected: " + (last + 1) + ")"));
                }
                last = Math.max(last, sequence);
            }
        }
        return faults;
    }
}
