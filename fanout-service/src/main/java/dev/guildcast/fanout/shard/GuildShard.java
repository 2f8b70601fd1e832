package dev.guildcast.fanout.shard;

import dev.guildcast.audience.v1.MembersRequest;
import dev.guildcast.audience.v1.Subscribe;
import dev.guildcast.audience.v1.SubscribeReason;
import dev.guildcast.audience.v1.Unsubscribe;
import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.contract.catalogue.EventCatalogue;
import dev.guildcast.event.v1.DocumentPart;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.GuildStateEntity;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.event.v1.SubscriptionState;
import dev.guildcast.fanout.audience.Audience;
import dev.guildcast.fanout.audience.Subscription;
import dev.guildcast.fanout.change.GuildContext;
import dev.guildcast.fanout.change.GuildMutationApplier;
import dev.guildcast.fanout.change.GuildSnapshotApplier;
import dev.guildcast.fanout.change.PublishedEventEmitter;
import dev.guildcast.fanout.change.ShardContext;
import dev.guildcast.fanout.change.SnapshotChangeEmitter;
import dev.guildcast.fanout.delivery.EphemeralLane;
import dev.guildcast.fanout.payload.PartialPayload;
import dev.guildcast.fanout.publication.PublicationDeduplicator;
import dev.guildcast.fanout.view.DirtyEntities;
import dev.guildcast.fanout.view.EntityKey;
import dev.guildcast.fanout.view.GuildEntities;
import dev.guildcast.fanout.view.GuildList;
import dev.guildcast.fanout.view.GuildView;
import dev.guildcast.fanout.view.RecordRejectedException;
import dev.guildcast.shard.NoResult;
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
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The state machine of a guild shard: applies guild events and emits deliveries to session shards.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** the guilds that hash to the shard, and the sessions subscribed to them.
/// - **Promise:** state and outputs follow from checkpoint and log alone; cached presences are only shown and decide
///   nothing.
public final class GuildShard implements ShardMachine<GuildRecord, NoResult> {
    private final ShardId id;
    private final Topology topology;
    private final ShardContext context;
    private final EphemeralLane lane;
    private final DirtyEntities dirty = new DirtyEntities();
    private final PublicationDeduplicator deduplicator = new PublicationDeduplicator(dirty::mark);
    private final TreeMap<Long, GuildContext> guilds = new TreeMap<>();
    private final Map<Long, List<SubscriptionState>> restoringSubscriptions = new HashMap<>();
    private long nowMillis;

    GuildShard(ShardId id, Topology topology, ShardContext context, EphemeralLane lane) {
        this.id = id;
        this.topology = topology;
        this.context = context;
        this.lane = lane;
    }

    @Override
    public NoResult apply(GuildRecord record, RecordContext at, Outputs out) {
        nowMillis = at.timestampMillis();
        lane.onRecord(nowMillis);
        switch (record.getRecordCase()) {
            case EVENT -> {
                GuildEvent event = record.getEvent();
                if (isNew(event.hasPublication(), event.getPublication(), at, out)) {
                    applyEvent(event, out);
                }
            }
            case DOCUMENT_PART -> {
                DocumentPart part = record.getDocumentPart();
                if (isNew(part.hasPublication(), part.getPublication(), at, out)) {
                    snapshotApplier(getOrCreateByUpsert(part.getGuildId(), part.getMutationsList()), out)
                            .applyPart(part);
                }
            }
            case DOCUMENT_END -> {
                var end = record.getDocumentEnd();
                if (isNew(end.hasPublication(), end.getPublication(), at, out)) {
                    snapshotApplier(requireGuild(end.getGuildId()), out).applyEnd(end);
                }
            }
            case SUBSCRIBE -> subscribe(record.getSubscribe(), at, out);
            case UNSUBSCRIBE -> unsubscribe(record.getUnsubscribe(), at);
            case MEMBERS_REQUEST -> members(record.getMembersRequest(), at, out);
            case CLAIM, CHECKPOINTED, RECORD_NOT_SET ->
                throw new RecordRejectedException("unexpected record type " + record.getRecordCase());
        }
        return NoResult.NONE;
    }

    private boolean isNew(boolean hasPublication, Publication publication, RecordContext at, Outputs out) {
        if (!hasPublication) {
            return true;
        }
        switch (deduplicator.accept(publication, at.offset(), at.timestampMillis())) {
            case NEW -> {
                return true;
            }
            case DUPLICATE -> context.counters().onDuplicatePublication();
            case TOO_OLD -> out.deadLetter("publication is older than its publisher's window");
        }
        return false;
    }

    private void applyEvent(GuildEvent event, Outputs out) {
        if (!EventCatalogue.hasTypeLength(event.getType())) {
            throw new RecordRejectedException("event type of " + event.getType().length() + " characters (at most "
                    + EventCatalogue.TYPE_CHARS_MAX + ")");
        }
        requireConcealments(event);
        if (event.getReachesNonMembers() && !guilds.containsKey(requireLocal(event.getGuildId()))) {
            context.memberships()
                    .emitToNonMembers(out, event, new TreeSet<>(event.getUsers().getIdsList()));
            return;
        }
        context.batcher().validate(event.getPayload(), event.getPayloadRedacted());
        event.getContentVariantsList()
                .forEach(variant -> context.batcher().validate(event.getPayload(), variant.getPayload()));
        Mutation mutation = event.getMutation();
        GuildContext guild = getOrCreateByUpsert(event.getGuildId(), List.of(mutation));
        var emitter = new PublishedEventEmitter(guild, event, nowMillis, out, context);
        switch (mutation.getChangeCase()) {
            case CHANGE_NOT_SET -> {
                requireAudience(event, guild.view());
                guild.view().status().nextVersion();
                emitter.emitToNamedAudience();
            }
            case GUILD_GONE -> {
                guild.remove(out);
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
                var changes = new GuildMutationApplier(guild, nowMillis, out, context);
                changes.validate(mutation);
                guild.view().status().nextVersion();
                changes.applyValid(mutation, emitter);
            }
        }
    }

    private GuildSnapshotApplier snapshotApplier(GuildContext guild, Outputs out) {
        return new GuildSnapshotApplier(
                guild,
                new GuildMutationApplier(guild, nowMillis, out, context),
                new SnapshotChangeEmitter(guild, out, context),
                out);
    }

    private void subscribe(Subscribe subscribe, RecordContext at, Outputs out) {
        GuildContext guild = guilds.get(requireLocal(subscribe.getGuildId()));
        if (guild == null || guild.view().member(subscribe.getUserId()) == null) {
            return; // The user left; the record that says so is on its way to the session.
        }
        var session = new Subscription(
                sessionShard(at),
                subscribe.getSessionOffset(),
                subscribe.getUserId(),
                subscribe.getIntents(),
                subscribe.getLargeThreshold(),
                subscribe.getContent());
        // First what may be refused: a session that is not sent the guild must not get its events either.
        if (guild.audience().find(session.shard(), session.offset()) == null
                && guild.sendGuild(session, subscribe.getReason() == SubscribeReason.JOIN, out)) {
            guild.audience().subscribe(session);
        }
    }

    private void unsubscribe(Unsubscribe unsubscribe, RecordContext at) {
        GuildContext guild = guilds.get(requireLocal(unsubscribe.getGuildId()));
        if (guild != null) {
            guild.audience().unsubscribe(sessionShard(at), unsubscribe.getSessionOffset());
        }
    }

    private void members(MembersRequest request, RecordContext at, Outputs out) {
        GuildContext guild = guilds.get(requireLocal(request.getGuildId()));
        Subscription session =
                guild == null ? null : guild.audience().find(sessionShard(at), request.getSessionOffset());
        if (guild != null && session != null && !guild.view().status().unavailable()) {
            context.chunks().respond(guild.view(), session, request, nowMillis, out);
        }
    }

    @Override
    public @Nullable Object coalescingKey(GuildRecord record) {
        return lane.conflationKey(record.getEvent());
    }

    @Override
    public void skipEphemeral(GuildRecord record, RecordContext at) {
        lane.skip(record.getEvent(), at);
    }

    @Override
    public void applyEphemeral(GuildRecord record, RecordContext at, Outputs out) {
        if (record.hasEvent()) {
            GuildEvent event = record.getEvent();
            GuildContext guild = requireGuild(event.getGuildId());
            if (event.hasMutation()) {
                throw new RecordRejectedException("event of the ephemeral lane with a change: "
                        + event.getMutation().getChangeCase());
            }
            requireConcealments(event);
            requireAudience(event, guild.view());
            if (lane.admits(event, at, guild.view(), context.presences())) {
                new PublishedEventEmitter(guild, event, at.timestampMillis(), out, context).emitToNamedAudience();
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
            throw new IllegalStateException(
                    "entity " + key + " in the checkpoint of " + id + " cannot be parsed", damaged);
        }
        switch (parsed.kind()) {
            case PUBLISHER -> deduplicator.restore(entity.getPublisher());
            case SUBSCRIPTION ->
                restoringSubscriptions
                        .computeIfAbsent(parsed.guild(), ignored -> new ArrayList<>())
                        .add(entity.getSubscription());
            case GUILD, MARKS, ROLE, CHANNEL, MEMBER, VOICE_STATE, LIST ->
                GuildEntities.restore(getOrCreate(parsed.guild()).view(), entity);
        }
    }

    @Override
    public void onRestored() {
        restoringSubscriptions.forEach(
                (guild, subscriptions) -> getOrCreate(guild).audience().restore(subscriptions));
        restoringSubscriptions.clear();
        dirty.drain();
    }

    @Override
    public Map<String, byte @Nullable []> drainDirty() {
        var changes = new LinkedHashMap<String, byte @Nullable []>();
        for (EntityKey key : dirty.drain()) {
            GuildStateEntity entity = entity(key);
            changes.put(key.text(), entity == null ? null : entity.toByteArray());
        }
        return changes;
    }

    private @Nullable GuildStateEntity entity(EntityKey key) {
        if (key.kind() == EntityKey.Kind.PUBLISHER) {
            return deduplicator.entity(key.name());
        }
        GuildContext guild = guilds.get(key.guild());
        if (guild == null) {
            return null;
        }
        return key.kind() == EntityKey.Kind.SUBSCRIPTION
                ? guild.audience().entity(key.name())
                : GuildEntities.encode(guild.view(), key);
    }

    /// The current view of a guild, for queries; on the shard's loop.
    public Optional<GuildView> view(long guild) {
        return Optional.ofNullable(guilds.get(guild)).map(GuildContext::view);
    }

    /// The current audience of a guild, for queries; on the shard's loop.
    public Optional<Audience> audience(long guild) {
        return Optional.ofNullable(guilds.get(guild)).map(GuildContext::audience);
    }

    /// Timestamp of the last applied record, Unix milliseconds; the view is as of this time.
    public long nowMillis() {
        return nowMillis;
    }

    /// Members of all guilds, guild by guild; a user of several guilds appears more than once.
    public Iterable<Long> members() {
        var all = new ArrayList<Long>();
        guilds.values().forEach(guild -> all.addAll(guild.view().members().keySet()));
        return all;
    }

    private static void requireAudience(GuildEvent event, GuildView view) {
        switch (event.getAudienceCase()) {
            case CHANNEL_ID -> requireChannel(event.getChannelId(), view);
            case AUDIENCE_NOT_SET -> throw new RecordRejectedException("event without an audience");
            case CONNECTED_CHANNEL_ID -> requireChannel(event.getConnectedChannelId(), view);
            case LIST_ITEM -> {
                GuildList list = view.lists().get(event.getListItem().getList());
                if (list == null || list.item(event.getListItem().getId()) == null) {
                    throw new RecordRejectedException("unknown item "
                            + Long.toUnsignedString(event.getListItem().getId()) + " of "
                            + event.getListItem().getList());
                }
            }
            case USERS -> {
                if (event.getVisibleChannelId() != 0) {
                    requireChannel(event.getVisibleChannelId(), view);
                }
            }
            case MEMBERS, SESSIONS -> {}
        }
    }

    private static void requireChannel(long channel, GuildView view) {
        if (view.channel(channel) == null) {
            throw new RecordRejectedException("unknown channel " + Long.toUnsignedString(channel));
        }
    }

    private static void requireConcealments(GuildEvent event) {
        PartialPayload.requireValid(event.getPayload(), event.getConcealmentsList());
        PartialPayload.requireValid(event.getPayloadRedacted(), event.getRedactedConcealmentsList());
        event.getContentVariantsList()
                .forEach(each -> PartialPayload.requireValid(each.getPayload(), each.getConcealmentsList()));
    }

    private GuildContext requireGuild(long guild) {
        GuildContext state = guilds.get(requireLocal(guild));
        if (state == null) {
            throw new RecordRejectedException("unknown guild " + Long.toUnsignedString(guild));
        }
        return state;
    }

    /// The guild; it is created by the first full upsert of the guild itself, or by an initial outage.
    private GuildContext getOrCreateByUpsert(long guild, List<Mutation> mutations) {
        if (!guilds.containsKey(requireLocal(guild))) {
            for (Mutation mutation : mutations) {
                boolean whole = mutation.hasGuild() && !mutation.getGuild().getPartial();
                boolean away = mutation.hasOutage() && mutation.getOutage().getUnavailable();
                if (whole || away) {
                    dirty.mark(EntityKey.of(EntityKey.Kind.GUILD, guild, 0));
                    dirty.mark(EntityKey.of(EntityKey.Kind.MARKS, guild, 0));
                    return getOrCreate(guild);
                }
            }
        }
        return requireGuild(guild);
    }

    private GuildContext getOrCreate(long guild) {
        return guilds.computeIfAbsent(guild, ignored -> new GuildContext(guild, dirty, context));
    }

    private long requireLocal(long guild) {
        if (!topology.guildShard(guild).equals(id)) {
            throw new RecordRejectedException("guild " + Long.toUnsignedString(guild) + " is not of " + id);
        }
        return guild;
    }

    private static int sessionShard(RecordContext at) {
        ShardId source = at.source();
        if (source == null || source.kind() != ShardId.Kind.SESSION) {
            throw new RecordRejectedException("command without a session shard as its source");
        }
        return source.index();
    }
}
