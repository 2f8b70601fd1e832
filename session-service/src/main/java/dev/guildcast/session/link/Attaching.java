package dev.guildcast.session.link;

import dev.guildcast.delivery.v1.Attached;
import dev.guildcast.delivery.v1.Close;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.session.Session;
import dev.guildcast.session.SessionExpiry;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.OwnedShard;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Who gets a session: the answers to Identify's session, Resume and re-attach.
///
/// A *no* is final for a client, so it is given only when this host is live and has applied everything up to a log end
/// that was fetched after the question came. Until then, and while something about the session is in flight, a gateway
/// is told to ask again. The last attach wins; one that was finished elsewhere never takes a session back.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** one question a connection.
/// - **Promise:** every question is answered, unless the host stops being live and says so for the whole shard.
final class Attaching {
    private final OwnedShard shard;
    private final SessionShard machine;
    private final AttachTable table;
    private final SessionExpiry expiry;
    private final SessionCloser closer;
    private final CursorPump pump;
    private final BatchWriter writer;
    private final LongSupplier nanoTime;
    private final LinkMetrics metrics;
    // In the order of their coming, which does not differ from run to run.
    private final Map<Question.Asker, Question> asking = new LinkedHashMap<>();

    Attaching(
            OwnedShard shard,
            SessionShard machine,
            AttachTable table,
            SessionExpiry expiry,
            SessionCloser closer,
            CursorPump pump,
            BatchWriter writer,
            LongSupplier nanoTime,
            LinkMetrics metrics) {
        this.shard = shard;
        this.machine = machine;
        this.table = table;
        this.expiry = expiry;
        this.closer = closer;
        this.pump = pump;
        this.writer = writer;
        this.nanoTime = nanoTime;
        this.metrics = metrics;
    }

    void ask(Question question) {
        asking.remove(question.asker());
        decide(question, false);
    }

    /// The connection has gone, or asks something else.
    void withdraw(GatewayLink link, long handle) {
        asking.remove(new Question.Asker(link, handle));
    }

    void withdrawAll(GatewayLink link) {
        asking.keySet().removeIf(asker -> asker.link() == link);
    }

    void withdrawAll() {
        asking.clear();
    }

    /// The links whose questions are open.
    void addAskers(Collection<GatewayLink> links) {
        asking.keySet().forEach(asker -> links.add(asker.link()));
    }

    private void decide(Question question, boolean proven) {
        if (!shard.live()) {
            moved(question);
            return;
        }
        long offset = question.id().offset();
        if (table.isClosing(offset)) {
            retry(question);
            return;
        }
        var session = machine.sessions().at(offset);
        if (session == null
                || session.userId() != question.userId()
                || session.id().secret() != question.id().secret()) {
            no(question, proven, "unknown", () -> question.link().send(HostMessages.invalid(question.handle())));
            return;
        }
        if (question.settled() && session.attachId() != question.attachId()) {
            no(question, proven, "superseded", () -> question.link().send(HostMessages.superseded(question.handle())));
            return;
        }
        if (question.settled() && table.anotherAttaches(offset, question.attachId())) {
            retry(question);
            return;
        }
        var ring = machine.ring(session);
        if (question.sequence() > ring.lastSequence()) {
            no(question, proven, "future", () -> {
                question.link().send(HostMessages.refused(question.handle(), LinkCloseCode.INVALID_SEQUENCE));
                closer.closeIfAlone(session, question.attachId(), Close.Reason.INVALID_SEQUENCE);
            });
        } else if (!ring.replayableAfter((int) question.sequence())) {
            no(question, proven, "overrun", () -> {
                question.link().send(HostMessages.invalid(question.handle()));
                closer.closeIfAlone(session, question.attachId(), Close.Reason.OVERRUN);
            });
        } else {
            take(question, session);
        }
    }

    private void moved(Question question) {
        question.link().send(HostMessages.moved(machine.shard().index(), question.handle()));
    }

    private void retry(Question question) {
        metrics.attach(question.kind(), "retry");
        question.link().send(HostMessages.retry(question.handle()));
    }

    private void no(Question question, boolean proven, String outcome, Runnable answer) {
        if (proven) {
            metrics.attach(question.kind(), outcome);
            answer.run();
            return;
        }
        asking.put(question.asker(), question);
        shard.afterLogEnd(() -> {
            if (asking.remove(question.asker(), question)) {
                decide(question, true);
            }
        });
    }

    private void take(Question question, Session session) {
        boolean resume = question.kind() == Question.Kind.RESUME;
        if (resume && !appendAttached(question)) {
            moved(question);
            return;
        }
        var before = table.holder(session.offset());
        if (before != null && before.attachId != question.attachId()) {
            writer.control(before.link, HostMessages.superseded(before.handle));
        }
        var holder = new AttachedSession(
                session, question.link(), question.handle(), question.attachId(), (int) question.sequence());
        table.hold(holder);
        expiry.stop(session.offset());
        metrics.attach(question.kind(), "taken");
        question.link()
                .send(
                        question.kind() == Question.Kind.OPEN
                                ? HostMessages.opened(
                                        question.handle(), session.id().text())
                                : HostMessages.attachment(question.handle()));
        if (holder.isBehind()) {
            pump.enqueue(holder);
            pump.offerPump(question.link());
        }
    }

    private boolean appendAttached(Question question) {
        var attached = Attached.newBuilder()
                .setNonce(shard.nonce())
                .setSessionOffset(question.id().offset())
                .setAttachId(question.attachId());
        if (!shard.append(
                SessionRecord.newBuilder().setAttached(attached).build().toByteArray())) {
            return false;
        }
        table.attaching(question.id().offset(), question.attachId());
        return true;
    }

    /// An Attached was applied, or found void.
    void onAttached(Attached attached, boolean valid) {
        long offset = attached.getSessionOffset();
        boolean ours = attached.getNonce() == shard.nonce();
        if (ours) {
            table.attached(offset, attached.getAttachId());
        }
        if (!valid) {
            return;
        }
        table.unknown(offset);
        var holder = table.holder(offset);
        if (holder == null) {
            expiry.restart(offset, nanoTime.getAsLong());
        } else if (ours && holder.attachId == attached.getAttachId()) {
            holder.markReplay();
            if (holder.isBehind()) {
                pump.enqueue(holder);
            } else {
                pump.sayWhenReplayed(holder);
            }
        }
    }
}
