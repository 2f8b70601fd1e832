package dev.guildcast.session.link;

import com.google.protobuf.ByteString;
import dev.guildcast.delivery.v1.CommandNumber;
import dev.guildcast.delivery.v1.RequestMembers;
import dev.guildcast.delivery.v1.SelfDeliver;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.delivery.v1.SetPresence;
import dev.guildcast.link.v1.Command;
import dev.guildcast.link.v1.MembersCommand;
import dev.guildcast.session.Session;
import dev.guildcast.session.audience.WholeLists;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.OwnedShard;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What clients ask that changes, or adds to, what is delivered: written into the log in the order of their numbers.
///
/// Whether a request for a whole member list comes too soon is decided here, from what has been applied and what is on
/// its way, and the decision is what the log then holds.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** [#IN_FLIGHT_MAX] commands of a connection on their way into the log; one more is not taken.
/// - **Promise:** a number is acknowledged when it stands in the log, and takes effect once.
final class Commands {
    static final int IN_FLIGHT_MAX = 256;
    private static final int NONCE_BYTES_MAX = 32;

    private final OwnedShard shard;
    private final SessionShard machine;
    private final AttachTable table;
    private final LogClock clock;
    private final LinkMetrics metrics;
    private final Map<Long, Set<Long>> wholeListsInFlight = new HashMap<>();

    Commands(OwnedShard shard, SessionShard machine, AttachTable table, LogClock clock, LinkMetrics metrics) {
        this.shard = shard;
        this.machine = machine;
        this.table = table;
        this.clock = clock;
        this.metrics = metrics;
    }

    void command(GatewayLink link, long offset, Command message) {
        if (!shard.live()) {
            link.send(HostMessages.moved(machine.shard().index(), message.getHandle()));
            return;
        }
        var session = machine.sessions().at(offset);
        var holder = table.holder(offset);
        // Another connection's, or one that must attach again first: it repeats what was not acknowledged.
        if (session == null || holder == null || holder.link != link || holder.attachId != message.getAttachId()) {
            return;
        }
        long applied = session.attachId() == holder.attachId ? session.command() : 0;
        if (message.getNumber() <= applied) {
            link.send(HostMessages.commandAck(holder.handle, applied));
            return;
        }
        long next = Math.max(applied, holder.commandSent) + 1;
        if (message.getNumber() != next || next - applied > IN_FLIGHT_MAX) {
            return;
        }
        var record = record(session, message);
        if (record != null && shard.append(record.toByteArray())) {
            holder.commandSent = next;
        }
    }

    private @Nullable SessionRecord record(Session session, Command message) {
        var number = CommandNumber.newBuilder()
                .setSessionOffset(session.offset())
                .setAttachId(message.getAttachId())
                .setNumber(message.getNumber())
                .build();
        return switch (message.getCommandCase()) {
            case SET_PRESENCE ->
                SessionRecord.newBuilder()
                        .setSetPresence(SetPresence.newBuilder()
                                .setNonce(shard.nonce())
                                .setCommand(number)
                                .setPresence(message.getSetPresence()))
                        .build();
            case REQUEST_MEMBERS -> members(session, number, message.getRequestMembers());
            case COMMAND_NOT_SET -> null;
        };
    }

    private SessionRecord members(Session session, CommandNumber number, MembersCommand asked) {
        var request = RequestMembers.newBuilder()
                .setNonce(shard.nonce())
                .setCommand(number)
                .setGuildId(asked.getGuildId())
                .setLimit(asked.getLimit())
                .addAllUserIds(asked.getUserIdsList())
                .setPresences(asked.getPresences());
        if (asked.hasQuery()) {
            request.setQuery(asked.getQuery());
        }
        if (asked.hasNonce() && ByteString.copyFromUtf8(asked.getNonce()).size() <= NONCE_BYTES_MAX) {
            request.setClientNonce(asked.getNonce());
        }
        var built = request.build();
        long guildId = built.getGuildId();
        if (!WholeLists.counts(session, built, machine.isMember(session.userId(), guildId))) {
            return SessionRecord.newBuilder().setRequestMembers(built).build();
        }
        long waitMillis =
                wholeListsInFlight.getOrDefault(session.offset(), Set.of()).contains(guildId)
                        ? WholeLists.EVERY_MILLIS
                        : WholeLists.waitMillis(session, guildId, clock.nowMillis());
        if (waitMillis == 0) {
            wholeListsInFlight
                    .computeIfAbsent(session.offset(), each -> new HashSet<>())
                    .add(guildId);
            return SessionRecord.newBuilder().setRequestMembers(built).build();
        }
        metrics.limited();
        return SessionRecord.newBuilder()
                .setSelfDeliver(SelfDeliver.newBuilder()
                        .setNonce(shard.nonce())
                        .setCommand(number)
                        .setType("RATE_LIMITED")
                        .setData(RateLimited.data(built, waitMillis)))
                .build();
    }

    /// A command was applied, or found void.
    void onCommand(SessionRecord record, CommandNumber number, long nonce) {
        if (record.hasRequestMembers() && nonce == shard.nonce()) {
            var guilds = wholeListsInFlight.get(number.getSessionOffset());
            if (guilds != null && guilds.remove(record.getRequestMembers().getGuildId()) && guilds.isEmpty()) {
                wholeListsInFlight.remove(number.getSessionOffset());
            }
        }
        var holder = table.holder(number.getSessionOffset());
        if (holder != null
                && holder.attachId == number.getAttachId()
                && holder.session.attachId() == holder.attachId
                && holder.session.command() >= number.getNumber()) {
            holder.link.send(HostMessages.commandAck(holder.handle, holder.session.command()));
        }
    }

    void onClosed(Session session) {
        wholeListsInFlight.remove(session.offset());
    }
}
