package dev.guildcast.session.attach;

import dev.guildcast.session.SessionExpiry;
import dev.guildcast.session.push.AttachTable;
import dev.guildcast.session.push.BatchWriter;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.OwnedShard;

/// What the handlers of one incarnation of a shard share: the shard, its sessions, and which connections hold them.
///
/// - **Owner:** the shard's loop.
final class FrontendState {
    private final OwnedShard shard;
    private final SessionShard machine;
    private final FrontendContext context;
    private final AttachTable table = new AttachTable();
    private final BatchWriter writer = new BatchWriter();
    private final SessionExpiry expiry;
    private final SessionCloser closer;

    FrontendState(OwnedShard shard, SessionShard machine, FrontendContext context) {
        this.shard = shard;
        this.machine = machine;
        this.context = context;
        this.expiry = new SessionExpiry(context.session().timeout());
        this.closer = new SessionCloser(shard, table);
    }

    OwnedShard shard() {
        return shard;
    }

    SessionShard machine() {
        return machine;
    }

    FrontendContext context() {
        return context;
    }

    AttachTable table() {
        return table;
    }

    BatchWriter writer() {
        return writer;
    }

    SessionExpiry expiry() {
        return expiry;
    }

    SessionCloser closer() {
        return closer;
    }
}
