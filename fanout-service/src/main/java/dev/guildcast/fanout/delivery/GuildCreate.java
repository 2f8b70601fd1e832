package dev.guildcast.fanout.delivery;

import dev.guildcast.contract.Intents;
import dev.guildcast.fanout.audience.Audience;
import dev.guildcast.fanout.audience.Subscription;
import dev.guildcast.fanout.audience.VisibilityClass;
import dev.guildcast.fanout.event.Channel;
import dev.guildcast.fanout.event.GuildList;
import dev.guildcast.fanout.event.GuildView;
import dev.guildcast.fanout.event.JsonText;
import dev.guildcast.fanout.event.Member;
import dev.guildcast.fanout.event.Refused;
import dev.guildcast.fanout.event.VoiceState;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The whole of a guild as one session sees it.
///
/// What a visibility class sees alike is kept as text; beside it stands the receiver's own: membership, private
/// threads, members and presences. Presences, and members listed for being online, are filled in when it is sent.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** the text of 32 classes of one guild; in one event 1000 members in 900 KB, and their presences in 4 MB.
public final class GuildCreate {
    /// Members and presences in one GUILD_CREATE; op 8 pages the rest.
    public static final int MEMBERS_MAX = 1000;

    static final int LATE_BYTES_MAX = 4 * 1024 * 1024;

    /// Of everything but members and presences; leaves room for these in a record.
    static final int START_BYTES_MAX = 3 * 1024 * 1024;

    private static final int MEMBERS_BYTES_MAX = 900 * 1024;

    private static final int BODIES_MAX = 32;
    private static final int NO_LISTING_ABOVE_MEMBERS = 75_000;
    private static final int THRESHOLD_DEFAULT = 50;
    private static final List<String> LISTS =
            List.of("emojis", "stickers", "stage_instances", "guild_scheduled_events", "soundboard_sounds");

    /// Which members are listed beyond the receiver and those in voice.
    private enum Listing {
        NO_MORE,
        ONLINE_OR_NOTABLE,
        ALL
    }

    private record Body(long shownVersion, byte[] fields, byte[] threads) {}

    private final GuildView view;
    private final Audience audience;
    private final PresenceView presences;
    private final Map<Object, Body> bodies = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Body> eldest) {
            return size() > BODIES_MAX;
        }
    };

    public GuildCreate(GuildView view, Audience audience, PresenceView presences) {
        this.view = view;
        this.audience = audience;
        this.presences = presences;
    }

    /// What one subscribed session is sent.
    ///
    /// @param joined whether the user has just joined: the key `unavailable` is absent then
    /// @return the text, to be asked for when it is sent
    public Supplier<byte[]> of(Subscription session, boolean joined) {
        VisibilityClass sees = audience.classOf(session.userId());
        Member self = view.member(session.userId());
        if (sees == null || self == null) {
            throw new IllegalStateException("no subscribed member " + session.userId());
        }
        Body body = bodies.compute(
                sees.identity(),
                (key, known) -> known != null && known.shownVersion == view.shownVersion() ? known : body(sees));
        int threshold = session.largeThreshold() == 0 ? THRESHOLD_DEFAULT : session.largeThreshold();
        int memberCount = view.members().size();
        boolean showsPresences = session.wants(Intents.GUILD_PRESENCES);
        Listing listing = !showsPresences || memberCount > NO_LISTING_ABOVE_MEMBERS
                ? Listing.NO_MORE
                : memberCount > threshold ? Listing.ONLINE_OR_NOTABLE : Listing.ALL;

        var out = new JsonText().open('{').raw(body.fields);
        if (!joined) {
            out.name("unavailable").bool(false);
        }
        byte[] joinedAt = self.fields().get("joined_at");
        out.name("joined_at")
                .raw(joinedAt == null ? JsonText.ascii("\"1970-01-01T00:00:00+00:00\"") : joinedAt)
                .name("large")
                .bool(memberCount > threshold)
                .name("member_count")
                .number(memberCount);
        threads(out, body, sees, session.userId());
        Set<Member> first = new LinkedHashSet<>();
        first.add(self);
        voice(out, sees, first);
        Set<Member> more = listing == Listing.NO_MORE ? Set.of() : candidates(listing);
        byte[] start = out.toBytes();
        if (start.length > START_BYTES_MAX) {
            throw new Refused("guild " + view.id() + " takes " + start.length + " bytes without its members");
        }
        return () -> finish(start, first, more, listing, showsPresences);
    }

    /// About how many bytes [#of] makes and holds.
    public int sizeEstimate() {
        return 4096 + 512 * Math.min(view.members().size(), MEMBERS_MAX);
    }

    private Body body(VisibilityClass sees) {
        var out = new JsonText().open('{');
        int start = out.length();
        EntityText.guild(out, view, sees::sees);
        out.name("channels").open('[');
        var threads = new JsonText().open('[');
        for (Channel channel : view.channels().values()) {
            if (!channel.thread()) {
                if (sees.sees(channel.id())) {
                    EntityText.channel(out, channel, 0);
                }
            } else if (!channel.archived()
                    && sees.sees(channel.parentId())
                    && (!channel.privateThread() || sees.managesThreads(channel.parentId()))) {
                EntityText.channel(threads, channel, view.id());
            }
        }
        out.close(']');
        for (String name : LISTS) {
            out.name(name).open('[');
            GuildList list = view.lists().get(name);
            if (list != null) {
                for (GuildList.Item item : list.items()) {
                    if (item.channelId() == 0 || sees.sees(item.channelId())) {
                        out.raw(item.json());
                    }
                }
            }
            out.close(']');
        }
        return new Body(view.shownVersion(), inside(out, start), inside(threads, 1));
    }

    private static byte[] inside(JsonText text, int from) {
        byte[] all = text.toBytes();
        return java.util.Arrays.copyOfRange(all, from, all.length);
    }

    private void threads(JsonText out, Body body, VisibilityClass sees, long user) {
        out.name("threads").open('[').raw(body.threads);
        for (Channel channel : view.channels().values()) {
            if (channel.privateThread()
                    && !channel.archived()
                    && channel.hasThreadMember(user)
                    && sees.sees(channel.parentId())
                    && !sees.managesThreads(channel.parentId())) {
                EntityText.channel(out, channel, view.id());
            }
        }
        out.close(']');
    }

    private void voice(JsonText out, VisibilityClass sees, Set<Member> listed) {
        out.name("voice_states").open('[');
        for (VoiceState state : view.voiceStates().values()) {
            if (sees.sees(state.channelId())) {
                EntityText.voiceState(out, state, 0, state.channelId(), null, view);
                Member member = view.member(state.userId());
                if (member != null && listed.size() < MEMBERS_MAX) {
                    listed.add(member);
                }
            }
        }
        out.close(']');
    }

    private Set<Member> candidates(Listing listing) {
        var found = new LinkedHashSet<Member>();
        for (Member member : view.members().values()) {
            if (listing == Listing.ALL
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

    private byte[] finish(byte[] start, Set<Member> first, Set<Member> more, Listing listing, boolean showsPresences) {
        Map<Long, Member> listed = new LinkedHashMap<>();
        first.forEach(member -> list(listed, member));
        if (listing == Listing.ONLINE_OR_NOTABLE) {
            for (long user : presences.users()) {
                if (listed.size() >= MEMBERS_MAX) {
                    break;
                }
                list(listed, view.member(user));
            }
        }
        more.forEach(member -> list(listed, member));
        var out = new JsonText().raw(start).name("members").open('[');
        for (Member member : listed.values()) {
            if (out.length() - start.length < MEMBERS_BYTES_MAX) {
                EntityText.member(out, member, view);
            }
        }
        out.close(']').name("presences").open('[');
        if (showsPresences) {
            presences(out, listed.keySet(), presences);
        }
        return out.close(']').close('}').toBytes();
    }

    private static void list(Map<Long, Member> listed, @Nullable Member member) {
        if (member != null && listed.size() < MEMBERS_MAX) {
            listed.putIfAbsent(member.userId(), member);
        }
    }

    /// Writes the presences of those who are not offline, as far as there is room.
    static void presences(JsonText out, Iterable<Long> users, PresenceView presences) {
        int from = out.length();
        for (long user : users) {
            KnownPresence presence = presences.of(user);
            if (presence != null && out.length() - from < LATE_BYTES_MAX) {
                int before = out.length();
                presence.writeTo(out, user);
                if (out.length() - from > LATE_BYTES_MAX) {
                    out.cutTo(before);
                }
            }
        }
    }

    /// What a subscribed session is sent while its guild is away.
    public static byte[] unavailable(long guildId) {
        return new JsonText()
                .open('{')
                .name("id")
                .id(guildId)
                .name("unavailable")
                .bool(true)
                .close('}')
                .toBytes();
    }
}
