package dev.guildcast.witness.verdict;

import dev.guildcast.witness.Entry;
import dev.guildcast.witness.verdict.Fault.Kind;
import java.util.ArrayList;
import java.util.List;

/// Whether a client's session was ended only when that was owed: it closed the session itself, or stayed away longer
/// than sessions live.
final class SessionCheck {
    private final long sessionNanos;
    private final List<Fault> faults = new ArrayList<>();
    private boolean session;
    private boolean endedByClient;
    private long goneSince = -1;

    /// @param sessionNanos how long a session without a connection lives at the least
    SessionCheck(long sessionNanos) {
        this.sessionNanos = sessionNanos;
    }

    List<Fault> check(List<Entry> entries) {
        entries.forEach(this::on);
        return faults;
    }

    private void on(Entry entry) {
        switch (entry) {
            case Entry.Closed closed -> {
                endedByClient |= session && closed.endsSession();
                goneSince = goneSince < 0 ? closed.atNanos() : goneSince;
            }
            case Entry.InvalidSession invalid -> {
                if (session && !invalid.resumable()) {
                    refused(invalid.atNanos(), "op 9");
                    session = false;
                }
            }
            case Entry.Dispatch dispatch -> {
                if (dispatch.type().equals("READY")) {
                    if (session) {
                        refused(dispatch.atNanos(), "a new READY");
                    }
                    session = true;
                    endedByClient = false;
                }
                goneSince = -1;
            }
            case Entry.Connected ignored -> {}
            case Entry.Identified ignored -> {}
            case Entry.ResumeAsked ignored -> {}
            case Entry.ReconnectAsked ignored -> {}
        }
    }

    private void refused(long atNanos, String how) {
        boolean expired = goneSince >= 0 && atNanos - goneSince >= sessionNanos;
        if (!endedByClient && !expired) {
            faults.add(new Fault(Kind.SESSION, how + " for a session that should have lived"));
        }
    }
}
