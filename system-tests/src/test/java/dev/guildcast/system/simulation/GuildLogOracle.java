package dev.guildcast.system.simulation;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.ShardId;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.shard.memory.MemoryLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The oracle for guild events: reads one guild shard's log from its beginning without failures, and computes for each
/// session what it must have received.
final class GuildLogOracle {
    private record OriginPosition(long offset, int index) {}

    final TreeMap<Long, OracleGuild> guilds = new TreeMap<>();
    /// Member requests that reached the log, by nonce, and their order.
    final Map<Long, Integer> memberRequests = new HashMap<>();
    final List<Long> memberRequestOrder = new ArrayList<>();

    private final OracleExpectations expectations;
    private final OracleMutations mutations;
    private final Map<ShardId, OriginPosition> positions = new HashMap<>();
    private final Set<String> published = new HashSet<>();

    /// @param subscribers every session that a client ever had
    GuildLogOracle(Map<String, OracleGuild.Subscriber> subscribers) {
        this.expectations = new OracleExpectations(subscribers);
        this.mutations = new OracleMutations(expectations);
    }

    OracleExpectations expectations() {
        return expectations;
    }

    void read(MemoryLog log) {
        for (long offset = 0; offset < log.end(); offset++) {
            expectations.readingAt(offset);
            try {
                read(GuildRecord.parseFrom(log.at(offset).record()));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void read(GuildRecord record) {
        if (record.hasOrigin()) {
            var origin = record.getOrigin();
            var source = ShardId.of(origin.getKind(), origin.getShard());
            var before = positions.getOrDefault(source, new OriginPosition(-1, -1));
            if (compare(before, origin.getPrevOffset(), origin.getPrevIndex()) < 0
                    || compare(before, origin.getOffset(), origin.getIndex()) >= 0) {
                return;
            }
            positions.put(source, new OriginPosition(origin.getOffset(), origin.getIndex()));
        }
        switch (record.getRecordCase()) {
            case EVENT -> {
                if (isFirstCopy(
                        record.getEvent().hasPublication(), record.getEvent().getPublication())) {
                    applyEvent(record.getEvent());
                }
            }
            case DOCUMENT_PART -> {
                var part = record.getDocumentPart();
                if (isFirstCopy(part.hasPublication(), part.getPublication())) {
                    var guild = guilds.computeIfAbsent(part.getGuildId(), id -> new OracleGuild());
                    if (!guild.snapshotVersion.equals(part.getVersion())) {
                        guild.snapshotVersion = part.getVersion();
                        guild.namedInSnapshot.clear();
                    }
                    part.getMutationsList().forEach(each -> mutations.apply(part.getGuildId(), guild, each, null));
                }
            }
            case DOCUMENT_END -> {
                var end = record.getDocumentEnd();
                if (isFirstCopy(end.hasPublication(), end.getPublication())) {
                    mutations.endSnapshot(end.getGuildId(), guilds.get(end.getGuildId()), end.getVersion());
                }
            }
            case SUBSCRIBE -> {
                var subscribe = record.getSubscribe();
                var guild = guilds.get(subscribe.getGuildId());
                String session = record.getOrigin().getShard() + "@" + subscribe.getSessionOffset();
                if (guild != null
                        && guild.members.containsKey(subscribe.getUserId())
                        && !guild.subscribers.containsKey(session)) {
                    var subscriber = new OracleGuild.Subscriber(
                            session, subscribe.getUserId(), subscribe.getIntents(), subscribe.getContent());
                    guild.subscribers.put(session, subscriber);
                    if (subscriber.hasAnyIntent(Intents.GUILDS)) {
                        var roles = new TreeMap<Long, String>();
                        guild.roles.forEach((id, bits) -> roles.put(id, Long.toUnsignedString(bits)));
                        expectations.expect(
                                session,
                                subscribe.getGuildId(),
                                DispatchText.formatGuildCreate(
                                        subscribe.getGuildId(),
                                        guild.name,
                                        guild.visibleChannels(subscribe.getUserId()),
                                        roles));
                    }
                }
            }
            case UNSUBSCRIBE -> {
                var guild = guilds.get(record.getUnsubscribe().getGuildId());
                if (guild != null) {
                    guild.subscribers.remove(record.getOrigin().getShard() + "@"
                            + record.getUnsubscribe().getSessionOffset());
                }
            }
            case MEMBERS_REQUEST -> {
                var request = record.getMembersRequest();
                long nonce = Long.parseLong(request.getNonce());
                memberRequests.merge(nonce, 1, Integer::sum);
                memberRequestOrder.add(nonce);
                String session = record.getOrigin().getShard() + "@" + request.getSessionOffset();
                var guild = guilds.get(request.getGuildId());
                if (guild != null && guild.subscribers.containsKey(session)) {
                    expectations.expect(session, request.getGuildId(), "GUILD_MEMBERS_CHUNK " + nonce);
                }
            }
            default -> {}
        }
    }

    private static int compare(OriginPosition position, long offset, int index) {
        return position.offset != offset
                ? Long.compare(position.offset, offset)
                : Integer.compare(position.index, index);
    }

    private boolean isFirstCopy(boolean hasPublication, Publication publication) {
        return !hasPublication
                || published.add(
                        publication.getPublisher() + "/" + publication.getSequence() + "/" + publication.getPart());
    }

    private void applyEvent(GuildEvent event) {
        var guild = guilds.get(event.getGuildId());
        if (guild == null || event.getType().equals(FaultyMachine.POISON)) {
            return;
        }
        if (event.hasMutation()) {
            mutations.apply(event.getGuildId(), guild, event.getMutation(), event);
        } else if (event.hasChannelId()) {
            if (guild.channels.containsKey(event.getChannelId())) {
                expectations.emit(
                        event.getGuildId(),
                        guild,
                        event.getType(),
                        "",
                        event,
                        user -> guild.canView(user, event.getChannelId()));
            }
        } else {
            expectations.emit(event.getGuildId(), guild, event.getType(), "", event, user -> true);
        }
    }
}
