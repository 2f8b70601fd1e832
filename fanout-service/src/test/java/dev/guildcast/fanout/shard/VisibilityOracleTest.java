package dev.guildcast.fanout.shard;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.Permissions;
import dev.guildcast.event.v1.ContentVariant;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.Overwrite;
import dev.guildcast.fanout.shard.GuildShardHarness.Dispatched;
import dev.guildcast.fanout.shard.GuildShardHarness.Emitted;
import dev.guildcast.fanout.view.Channel;
import dev.guildcast.fanout.view.GuildView;
import dev.guildcast.fanout.view.Member;
import dev.guildcast.fanout.view.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Compares deliveries with a naive reading of the rules, one session at a time: no classes, no caches.
class VisibilityOracleTest {
    private static final int ROUNDS = 30;
    private static final int STEPS = 300;

    @Test
    void deliversToExactlyThoseTheRulesName() {
        long base = Long.getLong("guildcast.seed", System.nanoTime());
        int messages = 0;
        for (int round = 0; round < ROUNDS; round++) {
            messages += run(base + round);
        }
        assertThat(messages).as("messages delivered").isGreaterThan(ROUNDS * 10);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15})
    void andForKnownSeeds(long seed) {
        run(seed);
    }

    private static int run(long seed) {
        var randomRecords = new RandomRecords(new Random(seed));
        var harness = new GuildShardHarness();
        var clientModel = new ClientModel();
        int messages = 0;
        for (int i = 0; i < STEPS; i++) {
            var step = randomRecords.next();
            harness.nowMillis += 50;
            List<Emitted> out = harness.apply(step.record(), step.source());
            String where = "step " + i + ", seed " + seed + ": -Dguildcast.seed=" + seed;
            Map<String, List<Dispatched>> dispatched = GuildShardHarness.bySession(out);
            for (long guild : new long[] {100, 101}) {
                clientModel.apply(guild, out);
                clientModel.check(guild, harness, where);
            }
            var event = step.record().getEvent();
            if (step.record().hasEvent() && event.getType().equals("MESSAGE_CREATE") && !out.isEmpty()) {
                messages++;
                assertThat(dispatched).as(where).isEqualTo(expected(harness, event));
            }
        }
        return messages;
    }

    private static Map<String, List<Dispatched>> expected(GuildShardHarness harness, GuildEvent event) {
        GuildView view = harness.machine.view(event.getGuildId()).orElseThrow();
        var expected = new TreeMap<String, List<Dispatched>>();
        harness.machine.audience(event.getGuildId()).orElseThrow().users().forEach((user, sessions) -> {
            sessions.forEach(session -> {
                boolean intent = (session.intents() & event.getIntents()) != 0;
                boolean self = event.getSelfUsersList().contains(user)
                        && (event.getSelfIntents() == 0 || (session.intents() & event.getSelfIntents()) != 0);
                if (!intent && !self
                        || event.getExcludedUsersList().contains(user)
                        || event.hasChannelId() && !ReferenceRules.sees(view, user, event.getChannelId())
                        || !required(harness, view, user, event)) {
                    return;
                }
                boolean full = event.getPayloadRedacted().isEmpty()
                        || session.content()
                        || event.getFullRecipientsList().contains(user);
                ByteString redacted = event.getContentVariantsList().stream()
                        .filter(variant -> variant.getUsersList().contains(user))
                        .map(ContentVariant::getPayload)
                        .findFirst()
                        .orElse(event.getPayloadRedacted());
                String data = (full ? event.getPayload() : redacted).toStringUtf8();
                expected.put(session.shard() + "/" + session.offset(), List.of(new Dispatched("MESSAGE_CREATE", data)));
            });
        });
        return expected;
    }

    private static boolean required(GuildShardHarness harness, GuildView view, long user, GuildEvent event) {
        if (event.getRequiredPermissionsCount() == 0) {
            return true;
        }
        long held = ReferenceRules.permissions(view, user, event.hasChannelId() ? event.getChannelId() : 0);
        Member member = view.member(user);
        if (member != null && held != -1 && member.timedOutUntil() > harness.nowMillis) {
            held &= Permissions.VIEW_CHANNEL | Permissions.READ_MESSAGE_HISTORY;
        }
        long bits = held;
        return event.getRequiredPermissionsList().stream().anyMatch(set -> (bits & set) == set);
    }

    /// The channels that each session with the GUILDS intent believes it sees, from what it received.
    private static final class ClientModel {
        private static final java.util.regex.Pattern ID = java.util.regex.Pattern.compile("\"id\":\"(\\d+)\"");
        private static final long VOICE_INTENTS = Intents.GUILDS | Intents.GUILD_VOICE_STATES;
        private final Map<String, Set<Long>> channels = new HashMap<>();
        /// User to voice channel, by session.
        private final Map<String, Map<Long, Long>> voiceStates = new HashMap<>();

        void apply(long guild, List<Emitted> out) {
            for (Emitted each : out) {
                if (each.record().getDeliver().getGuildId() != guild) {
                    continue;
                }
                GuildShardHarness.bySession(List.of(each))
                        .forEach((session, dispatched) -> dispatched.forEach(one -> {
                            Set<Long> seen =
                                    channels.computeIfAbsent(guild + ":" + session, ignored -> new TreeSet<>());
                            Map<Long, Long> voice =
                                    voiceStates.computeIfAbsent(guild + ":" + session, ignored -> new TreeMap<>());
                            switch (one.type()) {
                                case "GUILD_CREATE" -> {
                                    seen.clear();
                                    voice.clear();
                                    GuildShardHarness.parse(one)
                                            .get("voice_states")
                                            .valueStream()
                                            .forEach(state -> put(voice, state));
                                    GuildShardHarness.ids(GuildShardHarness.parse(one), "channels")
                                            .forEach(id -> seen.add(Long.parseLong(id)));
                                }
                                case "GUILD_DELETE" -> {
                                    seen.clear();
                                    voice.clear();
                                }
                                case "VOICE_STATE_UPDATE" -> put(voice, GuildShardHarness.parse(one));
                                case "CHANNEL_CREATE" -> seen.add(id(one));
                                case "CHANNEL_DELETE" -> seen.remove(id(one));
                                default -> {}
                            }
                        }));
            }
        }

        private static void put(Map<Long, Long> voice, JsonNode state) {
            long user = state.get("user_id").asLong();
            if (state.get("channel_id").isNull()) {
                voice.remove(user);
            } else {
                voice.put(user, state.get("channel_id").asLong());
            }
        }

        void check(long guild, GuildShardHarness harness, String where) {
            var audience = harness.machine.audience(guild);
            var view = harness.machine.view(guild);
            if (audience.isEmpty() || view.isEmpty()) {
                channels.keySet().removeIf(key -> key.startsWith(guild + ":"));
                voiceStates.keySet().removeIf(key -> key.startsWith(guild + ":"));
                return;
            }
            var current = new HashSet<String>();
            audience.get()
                    .users()
                    .forEach((user, sessions) -> sessions.forEach(session -> {
                        String key = guild + ":" + session.shard() + "/" + session.offset();
                        current.add(key);
                        if ((session.intents() & 1) != 0) {
                            var sees = new TreeSet<Long>();
                            if (!view.get().status().unavailable()) {
                                view.get().channels().values().stream()
                                        .filter(channel -> !channel.thread()
                                                && ReferenceRules.sees(view.get(), user, channel.id()))
                                        .forEach(channel -> sees.add(channel.id()));
                            }
                            assertThat(channels.getOrDefault(key, Set.of()))
                                    .as("%s, %s", key, where)
                                    .isEqualTo(sees);
                        }
                        if ((session.intents() & VOICE_INTENTS) == VOICE_INTENTS) {
                            var states = new TreeMap<Long, Long>();
                            if (!view.get().status().unavailable()) {
                                view.get().voiceStates().values().stream()
                                        .filter(state -> state.userId() != user
                                                && ReferenceRules.sees(view.get(), user, state.channelId()))
                                        .forEach(state -> states.put(state.userId(), state.channelId()));
                            }
                            // A user knows its own state, whether it sees the channel or not.
                            var others = new TreeMap<>(voiceStates.getOrDefault(key, Map.of()));
                            others.remove(user);
                            assertThat(others)
                                    .as("voice states of %s, %s", key, where)
                                    .isEqualTo(states);
                        }
                    }));
            channels.keySet().removeIf(key -> key.startsWith(guild + ":") && !current.contains(key));
            voiceStates.keySet().removeIf(key -> key.startsWith(guild + ":") && !current.contains(key));
        }

        private static long id(Dispatched dispatched) {
            var matcher = ID.matcher(dispatched.data());
            if (!matcher.find()) {
                return 0;
            }
            return Long.parseLong(matcher.group(1));
        }
    }

    /// The rules of permissions, as they read.
    private static final class ReferenceRules {
        private ReferenceRules() {}

        static boolean sees(GuildView view, long user, long channel) {
            Channel of = view.channel(channel);
            if (of == null) {
                return false;
            }
            if (!of.thread()) {
                return (permissions(view, user, channel) & Permissions.VIEW_CHANNEL) != 0;
            }
            long inParent = permissions(view, user, of.parentId());
            if ((inParent & Permissions.VIEW_CHANNEL) == 0) {
                return false;
            }
            boolean member = java.util.Arrays.stream(of.threadMembers()).anyMatch(each -> each == user);
            return of.type() != 12 || member || (inParent & Permissions.MANAGE_THREADS) != 0;
        }

        /// In a channel, a thread's parent, or the guild (0).
        static long permissions(GuildView view, long user, long channelId) {
            Member member = view.member(user);
            if (member == null) {
                return 0;
            }
            if (view.ownerId() == user) {
                return channelId == 0 || exists(view, channelId) ? -1 : 0;
            }
            List<Long> roles = new ArrayList<>();
            for (int i = 0; i < member.roles().size(); i++) {
                roles.add(member.roles().get(i));
            }
            long bits = 0;
            for (Role role : view.roles().values()) {
                if (role.id() == view.id() || roles.contains(role.id())) {
                    bits |= role.permissions();
                }
            }
            if ((bits & Permissions.ADMINISTRATOR) != 0) {
                return channelId == 0 || exists(view, channelId) ? -1 : 0;
            }
            if (channelId == 0) {
                return bits;
            }
            Channel channel = view.channel(channelId);
            if (channel != null && channel.thread()) {
                channel = view.channel(channel.parentId());
            }
            if (channel == null) {
                return 0;
            }
            long deny = 0;
            long allow = 0;
            for (Overwrite each : channel.overwrites()) {
                if (each.getRole() && each.getId() == view.id()) {
                    bits &= ~each.getDeny();
                    bits |= each.getAllow();
                }
            }
            for (Overwrite each : channel.overwrites()) {
                if (each.getRole() && roles.contains(each.getId()) && each.getId() != view.id()) {
                    deny |= each.getDeny();
                    allow |= each.getAllow();
                }
            }
            bits = (bits & ~deny) | allow;
            for (Overwrite each : channel.overwrites()) {
                if (!each.getRole() && each.getId() == user) {
                    bits = (bits & ~each.getDeny()) | each.getAllow();
                }
            }
            return (bits & Permissions.VIEW_CHANNEL) == 0 ? 0 : bits;
        }

        private static boolean exists(GuildView view, long channelId) {
            Channel channel = view.channel(channelId);
            return channel != null && (!channel.thread() || view.channel(channel.parentId()) != null);
        }
    }
}
