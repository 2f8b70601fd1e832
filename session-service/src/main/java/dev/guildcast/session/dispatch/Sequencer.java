package dev.guildcast.session.dispatch;

import dev.guildcast.delivery.v1.Deliver;
import dev.guildcast.session.Session;
import dev.guildcast.session.SessionRegistry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/// Assigns the recipients of one record their next sequences.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** the recipients of one record.
/// - **Promise:** a record assigns a session at most one sequence, so the record's offset identifies the dispatch.
public final class Sequencer {
    private final List<SequencedDispatch> sequenced = new ArrayList<>();
    private final List<SequencedDispatch> view = Collections.unmodifiableList(sequenced);
    private long offset;
    private long horizon;

    /// The record at `recordOffset` is about to be applied.
    ///
    /// @param newHorizon references below this offset are evicted
    public void begin(long recordOffset, long newHorizon) {
        sequenced.clear();
        offset = recordOffset;
        horizon = newHorizon;
    }

    public void assign(Session session, int payload) {
        if (session.assignSequence(offset, horizon)) {
            sequenced.add(new SequencedDispatch(session, session.sequence(), payload));
        }
    }

    /// Assigns a sequence to every recipient that is still open and passes the filter.
    public void assign(Deliver deliver, SessionRegistry sessions, Predicate<Session> filter) {
        for (var group : deliver.getGroupsList()) {
            SessionRecords.forEachRecipient(group, recipient -> {
                var session = sessions.at(recipient);
                if (session != null && filter.test(session)) {
                    assign(session, group.getPayload());
                }
            });
        }
    }

    /// The sequences that the record was assigned, until the next record begins.
    public List<SequencedDispatch> sequenced() {
        return view;
    }
}
