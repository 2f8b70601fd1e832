package dev.guildcast.session.dispatch;

import dev.guildcast.delivery.v1.Deliver;
import dev.guildcast.session.Session;
import dev.guildcast.session.SessionRegistry;
import dev.guildcast.session.delivery.SessionRecords;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/// Gives the recipients of one record their next sequences.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** the recipients of one record.
/// - **Promise:** a session gets at most one sequence from a record, so the record's offset names that dispatch.
public final class Sequencer {
    private final List<Numbered> numbered = new ArrayList<>();
    private long offset;
    private long horizon;

    /// The record at `recordOffset` is about to be applied.
    ///
    /// @param oldestKept references below it are forgotten
    public void begin(long recordOffset, long oldestKept) {
        numbered.clear();
        offset = recordOffset;
        horizon = oldestKept;
    }

    public void give(Session session, int payload) {
        if (session.number(offset, horizon)) {
            numbered.add(new Numbered(session, session.sequence(), payload));
        }
    }

    /// To all recipients that are still here and `wanted`.
    public void give(Deliver deliver, SessionRegistry sessions, Predicate<Session> wanted) {
        for (var group : deliver.getGroupsList()) {
            SessionRecords.recipients(group, recipient -> {
                var session = sessions.at(recipient);
                if (session != null && wanted.test(session)) {
                    give(session, group.getPayload());
                }
            });
        }
    }

    /// What the record gave, until the next one begins.
    public List<Numbered> numbered() {
        return Collections.unmodifiableList(numbered);
    }
}
