package dev.guildcast.fanout.shard;

import dev.guildcast.audience.v1.MembersRequest;
import dev.guildcast.audience.v1.Subscribe;
import dev.guildcast.audience.v1.SubscribeReason;
import dev.guildcast.audience.v1.Unsubscribe;
import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.event.v1.DocumentPart;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.GuildStateEntity;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.event.v1.SubscriptionState;
import dev.guildcast.fanout.audience.Audience;
import dev.guildcast.fanout.audience.Subscription;
import dev.guildcast.fanout.delivery.EphemeralLane;
import dev.guildcast.fanout.event.EntityKey;
import dev.guildcast.fanout.event.GuildEntities;
import dev.guildcast.fanout.event.GuildView;
import dev.guildcast.fanout.event.Publishers;
import dev.guildcast.fanout.event.Refused;
import dev.guildcast.fanout.event.Touched;
import dev.guildcast.shard.Outputs;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardMachine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a guild shard's log means: guild events in, deliveries to session shards out.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** the guilds that hash to the shard, and the sessions subscribed to them.
/// - **Promise:** state and outputs follow from checkpoint and log alone; presences beside them are shown, never
///   decided by.
public final class GuildShard implements ShardMachine<GuildRecord> {
    private final ShardId id;
    private final Topology topology;
    private final Tools tools;
    private final EphemeralLane lane;
    private final Touched touched = new Touched();
    private final Publishers publishers = new Publishers(touched::touch);
    private final TreeMap<Long, GuildState> guilds = new TreeMap<>();
    private final Map<Long, List<SubscriptionState>> restoring = new HashMap<>();
    private long nowMillis;

    GuildShard(ShardId id, Topology topology, Tools tools, EphemeralLane lane) {
        this.id = id;
        this.topology = topology;
        this.tools = tools;
        this.lane = lane;
    }

    @Override
    public void apply(GuildRecord record, RecordContext at, Outputs out) {
        nowMillis = at.timestampMillis();
        switch (record.getRecordCase()) {
            case EVENT -> {
                GuildEvent event = record.getEvent();
                if (fresh(event.hasPublication(), event.getPublication(), at, out)) {
                    event(event, out);
                }
            }
            case DOCUMENT_PART -> {
                DocumentPart part = record.getDocumentPart();
                if (fresh(part.hasPublication(), part.getPublication(), at, out)) {
                    documents(created(part.getGuildId(), part.getMutationsList()), out)
                            .part(part);
                }
            }
            case DOCUMENT_END -> {
                var end = record.getDocumentEnd();
                if (fresh(end.hasPublication(), end.getPublication(), at, out)) {
                    documents(known(end.getGuildId()), out).end(end);
                }
            }
            case SUBSCRIBE -> subscribe(record.getSubscribe(), at, out);
            case UNSUBSCRIBE -> unsubscribe(record.getUnsubscribe(), at);
            case MEMBERS_REQUEST -> members(record.getMembersRequest(), at, out);
            case CLAIM, CHECKPOINTED, RECORD_NOT_SET -> throw new Refused("record " + record.getRecordCase());
        }
    }

    private boolean fresh(boolean marked, Publication publication, RecordContext at, Outputs out) {
        if (!marked) {
            return true;
        }
        switch (publishers.accept(publication, at.offset())) {
            case FRESH -> {
                return true;
            }
            case REPEAT -> tools.tally().onPublisherRepeat();
            case TOO_OLD -> out.deadLetter("publication is older than its publisher's window");
        }
        return false;
    }

    private void event(GuildEvent event, Outputs out) {
        if (event.getType().isEmpty() || event.getType().length() > 64) {
            throw new Refused("event type of " + event.getType().length() + " characters");
        }
        Mutation mutation = event.getMutation();
        GuildState guild = created(event.getGuildId(), List.of(mutation));
        var teller = new EventTeller(guild, event, nowMillis, out, tools);
        switch (mutation.getChangeCase()) {
            case CHANGE_NOT_SET -> {
                if (event.hasChannelId() && guild.view().channel(event.getChannelId()) == null) {
                    throw new Refused("unknown channel " + Long.toUnsignedString(event.getChannelId()));
                }
                guild.view().marks().nextVersion();
                teller.tellAsNamed();
            }
            case GUILD_GONE -> {
                guild.gone(out);
                guilds.remove(event.getGuildId());
            }
            case GUILD,
                    OUTAGE,
                    ROLE,
                    ROLE_GONE,
                    CHANNEL,
                    CHANNEL_GONE,
                    MEMBER,
                    MEMBER_GONE,
                    VOICE_STATE,
                    THREAD_MEMBERS,
                    LIST,
                    LIST_ITEM -> {
                var changes = new GuildChanges(guild, nowMillis, out, tools);
                changes.check(mutation);
                guild.view().marks().nextVersion();
                changes.apply(mutation, teller);
            }
        }
    }

    private Documents documents(GuildState guild, Outputs out) {
        return new Documents(
                guild, new GuildChanges(guild, nowMillis, out, tools), new DerivedEvents(guild, out, tools), out);
    }

    private void subscribe(Subscribe subscribe, RecordContext at, Outputs out) {
        GuildState guild = guilds.get(home(subscribe.getGuildId()));
        if (guild == null || guild.view().member(subscribe.getUserId()) == null) {
            return; // That the user left is on its way to the session.
        }
        var session = new Subscription(
                sessionShard(at),
                subscribe.getSessionOffset(),
                subscribe.getUserId(),
                subscribe.getIntents(),
                subscribe.getLargeThreshold(),
                subscribe.getContent());
        if (guild.audience().subscribe(session)) {
            guild.show(session, subscribe.getReason() == SubscribeReason.JOIN, out);
        }
    }

    private void unsubscribe(Unsubscribe unsubscribe, RecordContext at) {
        GuildState guild = guilds.get(home(unsubscribe.getGuildId()));
        if (guild != null) {
            guild.audience().unsubscribe(sessionShard(at), unsubscribe.getSessionOffset());
        }
    }

    private void members(MembersRequest request, RecordContext at, Outputs out) {
        GuildState guild = guilds.get(home(request.getGuildId()));
        Subscription session =
                guild == null ? null : guild.audience().find(sessionShard(at), request.getSessionOffset());
        if (guild != null && session != null && !guild.view().marks().unavailable()) {
            tools.chunks().answer(guild.view(), session, request, nowMillis, out);
        }
    }

    @Override
    public @Nullable Object ephemeralKey(GuildRecord record) {
        return lane.key(record.getEvent());
    }

    @Override
    public void skipEphemeral(GuildRecord record, RecordContext at) {
        lane.skip(record.getEvent(), at);
    }

    @Override
    public void applyEphemeral(GuildRecord record, RecordContext at, Outputs out) {
        if (record.hasEvent()) {
            GuildEvent event = record.getEvent();
            GuildState guild = guilds.get(event.getGuildId());
            if (guild != null && !event.hasMutation() && lane.admits(event, at, guild.view(), tools.presences())) {
                new EventTeller(guild, event, at.timestampMillis(), out, tools).tellAsNamed();
            }
        }
    }

    @Override
    public void restore(String key, byte[] value) {
        EntityKey parsed = EntityKey.parse(key);
        GuildStateEntity entity;
        try {
            entity = GuildStateEntity.parseFrom(value);
        } catch (com.google.protobuf.InvalidProtocolBufferException damaged) {
            throw new IllegalStateException("checkpoint entity " + parsed.kind() + " is damaged", damaged);
        }
        switch (parsed.kind()) {
            case PUBLISHER -> publishers.restore(entity.getPublisher());
            case SUBSCRIPTION ->
                restoring
                        .computeIfAbsent(parsed.guild(), ignored -> new ArrayList<>())
                        .add(entity.getSubscription());
            case GUILD, MARKS, ROLE, CHANNEL, MEMBER, VOICE_STATE, LIST ->
                GuildEntities.restore(make(parsed.guild()).view(), entity);
        }
    }

    @Override
    public void onRestored() {
        restoring.forEach((guild, subscriptions) -> make(guild).audience().restore(subscriptions));
        restoring.clear();
        touched.drain();
    }

    @Override
    public Map<String, byte @Nullable []> drainTouched() {
        var changes = new LinkedHashMap<String, byte @Nullable []>();
        for (EntityKey key : touched.drain()) {
            GuildStateEntity entity = entity(key);
            changes.put(key.text(), entity == null ? null : entity.toByteArray());
        }
        return changes;
    }

    private @Nullable GuildStateEntity entity(EntityKey key) {
        if (key.kind() == EntityKey.Kind.PUBLISHER) {
            return publishers.entity(key.name());
        }
        GuildState guild = guilds.get(key.guild());
        if (guild == null) {
            return null;
        }
        return key.kind() == EntityKey.Kind.SUBSCRIPTION
                ? guild.audience().entity(key.name())
                : GuildEntities.encode(guild.view(), key);
    }

    /// A guild as it is, for questions; on the shard's loop.
    public Optional<GuildView> view(long guild) {
        return Optional.ofNullable(guilds.get(guild)).map(GuildState::view);
    }

    /// A guild's audience as it is, for questions; on the shard's loop.
    public Optional<Audience> audience(long guild) {
        return Optional.ofNullable(guilds.get(guild)).map(GuildState::audience);
    }

    /// The time of the last record, Unix milliseconds: the view's.
    public long nowMillis() {
        return nowMillis;
    }

    /// Members of all guilds, a guild after the other; users of several guilds more than once.
    public Iterable<Long> members() {
        var all = new ArrayList<Long>();
        guilds.values().forEach(guild -> all.addAll(guild.view().members().keySet()));
        return all;
    }

    private GuildState known(long guild) {
        GuildState known = guilds.get(home(guild));
        if (known == null) {
            throw new Refused("unknown guild " + Long.toUnsignedString(guild));
        }
        return known;
    }

    /// The guild, made by the first upsert of the guild itself, or by an outage that it starts with.
    private GuildState created(long guild, List<Mutation> mutations) {
        if (!guilds.containsKey(home(guild))) {
            for (Mutation mutation : mutations) {
                boolean whole = mutation.hasGuild() && !mutation.getGuild().getPartial();
                boolean away = mutation.hasOutage() && mutation.getOutage().getUnavailable();
                if (whole || away) {
                    touched.touch(EntityKey.of(EntityKey.Kind.GUILD, guild, 0));
                    touched.touch(EntityKey.of(EntityKey.Kind.MARKS, guild, 0));
                    return make(guild);
                }
            }
        }
        return known(guild);
    }

    private GuildState make(long guild) {
        return guilds.computeIfAbsent(guild, ignored -> new GuildState(guild, touched, tools));
    }

    private long home(long guild) {
        if (!topology.guildShard(guild).equals(id)) {
            throw new Refused("guild " + Long.toUnsignedString(guild) + " is not of " + id);
        }
        return guild;
    }

    private static int sessionShard(RecordContext at) {
        ShardId source = at.source();
        if (source == null || source.kind() != ShardId.Kind.SESSION) {
            throw new Refused("command of no session shard");
        }
        return source.index();
    }
}
