package dev.guildcast.fanout.payload;

import dev.guildcast.contract.Intents;
import dev.guildcast.fanout.audience.Audience;
import dev.guildcast.fanout.audience.Scope;
import dev.guildcast.fanout.audience.Subscription;
import dev.guildcast.fanout.audience.VisibilityClass;
import dev.guildcast.fanout.json.JsonWriter;
import dev.guildcast.fanout.presence.PresenceCache;
import dev.guildcast.fanout.presence.PresenceSnapshot;
import dev.guildcast.fanout.view.Channel;
import dev.guildcast.fanout.view.GuildList;
import dev.guildcast.fanout.view.GuildView;
import dev.guildcast.fanout.view.Member;
import dev.guildcast.fanout.view.RecordRejectedException;
import dev.guildcast.fanout.view.VoiceState;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Builds the GUILD_CREATE payload of a guild as one session sees it.
///
/// The part that a visibility class sees alike is cached as JSON; the receiver's own part is added to it: membership,
/// private threads, members and presences. Presences and online members are added when the payload is sent.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** the text of 32 classes of one guild; in one event 1000 members in 900 KB, and their presences in 4 MB.
public final class GuildCreatePayload {
    /// Members and presences in one GUILD_CREATE; op 8 pages the rest.
    static final int MEMBERS_MAX = 1000;

    /// Presences of one payload; with the base and the members it stays below an 8 MiB record.
    static final int PRESENCES_BYTES_MAX = 4 * 1024 * 1024;

    /// The payload without members and presences; leaves room for these in an 8 MiB record.
    static final int BASE_BYTES_MAX = 3 * 1024 * 1024;

    /// Members of one payload; presences and the rest of the record keep their room.
    private static final int MEMBERS_BYTES_MAX = 900 * 1024;

    /// Cached parts, one per visibility class, of up to 3 MiB each; the least recently used is evicted.
    private static final int CLASS_PARTS_MAX = 32;
    /// Discord lists no members of guilds above this size.
    private static final int LISTING_GUILD_MEMBERS_MAX = 75_000;
    /// Discord's default for `large_threshold`.
    private static final int LARGE_THRESHOLD_DEFAULT = 50;
    /// About the JSON of one member; the outbox counts outputs by such estimates before they are built.
    public static final int MEMBER_BYTES_ESTIMATE = 512;
    /// About the JSON of a small guild's roles and channels.
    private static final int ENTITIES_BYTES_ESTIMATE = 4096;
    private static final List<String> LISTS =
            List.of("emojis", "stickers", "stage_instances", "guild_scheduled_events", "soundboard_sounds");

    /// Which members are listed beside the receiver and those in voice.
    private enum MemberListing {
        RECEIVER_AND_VOICE,
        ONLINE_OR_NOTABLE,
        ALL
    }

    private record ClassPart(long structureVersion, byte[] fields, byte[] threads) {}

    private final GuildView view;
    private final Audience audience;
    private final PresenceCache presences;
    private final Map<Object, ClassPart> classParts = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, ClassPart> eldest) {
            return size() > CLASS_PARTS_MAX;
        }
    };

    public GuildCreatePayload(GuildView view, Audience audience, PresenceCache presences) {
        this.view = view;
        this.audience = audience;
        this.presences = presences;
    }

    /// The payload for one session of a member, which need not be subscribed yet.
    ///
    /// @throws RecordRejectedException if the guild is too large to be sent; nothing is emitted then
    /// @param joined whether the user has just joined: the key `unavailable` is absent then
    /// @return builds the JSON when it is sent
    public Supplier<byte[]> forSession(Subscription session, boolean joined) {
        VisibilityClass visibility = audience.visibilityOf(session.userId());
        Member self = Objects.requireNonNull(view.member(session.userId()));
        ClassPart classPart = classParts.compute(
                visibility.identity(),
                (key, known) -> known != null && known.structureVersion == view.structureVersion()
                        ? known
                        : buildClassPart(visibility));
        int threshold = session.largeThreshold() == 0 ? LARGE_THRESHOLD_DEFAULT : session.largeThreshold();
        int memberCount = view.members().size();
        boolean showsPresences = session.hasAnyIntent(Intents.GUILD_PRESENCES);
        MemberListing listing = !showsPresences || memberCount > LISTING_GUILD_MEMBERS_MAX
                ? MemberListing.RECEIVER_AND_VOICE
                : memberCount > threshold ? MemberListing.ONLINE_OR_NOTABLE : MemberListing.ALL;

        var out = new JsonWriter().open('{').raw(classPart.fields);
        if (!joined) {
            out.name("unavailable").bool(false);
        }
        byte[] joinedAt = self.fields().get("joined_at");
        out.name("joined_at")
                .raw(joinedAt == null ? JsonWriter.ascii("\"1970-01-01T00:00:00+00:00\"") : joinedAt)
                .name("large")
                .bool(memberCount > threshold)
                .name("member_count")
                .number(memberCount);
        writeThreads(out, classPart, visibility, session.userId());
        Set<Member> required = new LinkedHashSet<>();
        required.add(self);
        writeVoiceStates(out, visibility, required);
        Set<Member> optional = listing == MemberListing.RECEIVER_AND_VOICE ? Set.of() : candidates(listing);
        byte[] base = out.toBytes();
        if (base.length > BASE_BYTES_MAX) {
            throw new RecordRejectedException("guild " + Long.toUnsignedString(view.id()) + " takes " + base.length
                    + " bytes without its members (at most " + BASE_BYTES_MAX + ")");
        }
        return () -> finish(base, required, optional, listing, showsPresences);
    }

    /// About how many bytes [#forSession] makes and holds.
    public int sizeEstimate() {
        return ENTITIES_BYTES_ESTIMATE
                + MEMBER_BYTES_ESTIMATE * Math.min(view.members().size(), MEMBERS_MAX);
    }

    private ClassPart buildClassPart(VisibilityClass visibility) {
        var out = new JsonWriter().open('{');
        EntityJson.guild(out, view);
        out.name("channels").open('[');
        var threads = new JsonWriter().open('[');
        for (Channel channel : view.channels().values()) {
            if (!channel.thread()) {
                if (visibility.sees(channel.id())) {
                    EntityJson.channel(out, channel, 0);
                }
            } else if (!channel.archived()
                    && visibility.sees(channel.parentId())
                    && (!channel.privateThread() || visibility.managesThreads(channel.parentId()))) {
                EntityJson.channel(threads, channel, view.id());
            }
        }
        out.close(']');
        for (String name : LISTS) {
            out.name(name).open('[');
            GuildList list = view.lists().get(name);
            if (list != null) {
                for (GuildList.Item item : list.items()) {
                    if (item.channelId() == 0 || visibility.sees(item.channelId())) {
                        out.raw(item.json());
                    }
                }
            }
            out.close(']');
        }
        byte[] fields = PartialPayload.derived("GUILD_CREATE", out.close('}').toBytes())
                .without(part -> isHidden(part.getChannelId(), visibility))
                .toByteArray();
        return new ClassPart(
                view.structureVersion(), slice(fields, fields.length - 1), slice(threads.toBytes(), threads.length()));
    }

    private boolean isHidden(long id, VisibilityClass visibility) {
        Channel channel = view.channel(id);
        return channel != null && !new Scope.Viewers(channel).includes(visibility);
    }

    /// Without the opening bracket.
    private static byte[] slice(byte[] all, int to) {
        return java.util.Arrays.copyOfRange(all, 1, to);
    }

    private void writeThreads(JsonWriter out, ClassPart classPart, VisibilityClass visibility, long user) {
        out.name("threads").open('[').raw(classPart.threads);
        for (Channel channel : view.channels().values()) {
            if (channel.privateThread()
                    && !channel.archived()
                    && channel.hasThreadMember(user)
                    && visibility.sees(channel.parentId())
                    && !visibility.managesThreads(channel.parentId())) {
                EntityJson.channel(out, channel, view.id());
            }
        }
        out.close(']');
    }

    private void writeVoiceStates(JsonWriter out, VisibilityClass visibility, Set<Member> listed) {
        out.name("voice_states").open('[');
        for (VoiceState state : view.voiceStates().values()) {
            if (visibility.sees(state.channelId())) {
                EntityJson.voiceState(out, state, 0, state.channelId(), null, view);
                Member member = view.member(state.userId());
                if (member != null && listed.size() < MEMBERS_MAX) {
                    listed.add(member);
                }
            }
        }
        out.close(']');
    }

    private Set<Member> candidates(MemberListing listing) {
        var found = new LinkedHashSet<Member>();
        for (Member member : view.members().values()) {
            if (listing == MemberListing.ALL
                    || !member.roles().isEmpty()
                    || !member.nick().isEmpty()) {
                found.add(member);
                if (found.size() == MEMBERS_MAX) {
                    break;
                }
            }
        }
        return found;
    }

    private byte[] finish(
            byte[] base, Set<Member> required, Set<Member> optional, MemberListing listing, boolean showsPresences) {
        Map<Long, Member> listed = new LinkedHashMap<>();
        required.forEach(member -> addMember(listed, member));
        if (listing == MemberListing.ONLINE_OR_NOTABLE) {
            for (long user : presences.users()) {
                if (listed.size() >= MEMBERS_MAX) {
                    break;
                }
                addMember(listed, view.member(user));
            }
        }
        optional.forEach(member -> addMember(listed, member));
        var out = new JsonWriter().raw(base).name("members").open('[');
        for (Member member : listed.values()) {
            if (out.length() - base.length < MEMBERS_BYTES_MAX) {
                EntityJson.member(out, member, view);
            }
        }
        out.close(']').name("presences").open('[');
        if (showsPresences) {
            writePresences(out, listed.keySet(), presences);
        }
        return out.close(']').close('}').toBytes();
    }

    private static void addMember(Map<Long, Member> listed, @Nullable Member member) {
        if (member != null && listed.size() < MEMBERS_MAX) {
            listed.putIfAbsent(member.userId(), member);
        }
    }

    /// Writes the presences of users who are not offline, up to the byte limit.
    public static void writePresences(JsonWriter out, Iterable<Long> users, PresenceCache presences) {
        int from = out.length();
        for (long user : users) {
            PresenceSnapshot presence = presences.get(user);
            if (presence != null && out.length() - from < PRESENCES_BYTES_MAX) {
                int before = out.length();
                presence.writeTo(out, user);
                if (out.length() - from > PRESENCES_BYTES_MAX) {
                    out.truncateTo(before);
                }
            }
        }
    }

    /// The GUILD_DELETE payload of a guild in outage.
    public static byte[] unavailable(long guildId) {
        return new JsonWriter()
                .open('{')
                .name("id")
                .id(guildId)
                .name("unavailable")
                .bool(true)
                .close('}')
                .toBytes();
    }
}
