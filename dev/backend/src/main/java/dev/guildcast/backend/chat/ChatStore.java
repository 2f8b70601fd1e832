package dev.guildcast.backend.chat;

import dev.guildcast.backend.chat.WorldFile.Guild;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The guilds of the world, and the messages written in their channels since the start.
///
/// - **Owner:** its lock; any thread may call. Documents handed out are copies.
/// - **Bound:** `messagesMax` messages a channel, and `REACTIONS_MAX` different reactions a message.
/// - **Promise:** a message is found from the moment it was stored until it is deleted or evicted by newer ones.
public final class ChatStore {
    /// Discord's limit of different reactions to one message.
    private static final int REACTIONS_MAX = 20;

    private final int messagesMax;
    private final Map<String, Guild> guilds = new LinkedHashMap<>();
    private final Map<String, GuildChannel> channels = new HashMap<>();
    private final Map<String, JsonNode> users = new HashMap<>();
    private final Map<String, Deque<ObjectNode>> messages = new HashMap<>();
    private final Map<String, Map<String, Set<String>>> reactions = new HashMap<>();

    /// A channel and its guild.
    public record GuildChannel(Guild guild, JsonNode channel) {
        public String guildId() {
            return guild.id();
        }

        public String channelId() {
            return channel.path("id").asString("");
        }

        /// The member document of a user; empty for a user who is not a member.
        public Optional<JsonNode> member(String user) {
            return guild.member(user);
        }

        /// Permission bits of a user in this channel; 0 for a user who is not a member.
        public long permissions(String user) {
            return member(user)
                    .map(member -> ChannelPermissions.compute(guild.document(), member, channel))
                    .orElse(0L);
        }
    }

    /// @param world its guilds in outage have no channels
    public ChatStore(WorldFile world, int messagesMax) {
        this.messagesMax = messagesMax;
        world.users().forEach(user -> this.users.put(user.path("id").asString(""), user));
        for (var guild : world.guilds()) {
            this.guilds.put(guild.id(), guild);
            for (var kind : List.of("channels", "threads")) {
                guild.document()
                        .path(kind)
                        .forEach(channel ->
                                channels.put(channel.path("id").asString(""), new GuildChannel(guild, channel)));
            }
        }
    }

    public Optional<Guild> guild(String id) {
        return Optional.ofNullable(guilds.get(id));
    }

    public Optional<GuildChannel> channel(String id) {
        return Optional.ofNullable(channels.get(id));
    }

    /// A user with a token, or a member of a guild.
    public Optional<JsonNode> user(String id) {
        return Optional.ofNullable(users.get(id))
                .or(() -> guilds.values().stream()
                        .flatMap(guild -> guild.member(id).stream())
                        .map(member -> member.path("user"))
                        .findFirst());
    }

    public synchronized void put(String channel, ObjectNode message) {
        var kept = messages.computeIfAbsent(channel, id -> new ArrayDeque<>());
        kept.addLast(message.deepCopy());
        if (kept.size() > messagesMax) {
            reactions.remove(idOf(kept.removeFirst()));
        }
    }

    public synchronized Optional<ObjectNode> message(String channel, String id) {
        return Optional.ofNullable(find(channel, id)).map(ObjectNode::deepCopy);
    }

    /// Replaces a message by a newer version; without effect if it was deleted or evicted.
    public synchronized void replace(String channel, ObjectNode message) {
        var kept = messages.getOrDefault(channel, new ArrayDeque<>());
        var id = idOf(message);
        var all = new ArrayList<>(kept);
        kept.clear();
        all.forEach(one -> kept.addLast(idOf(one).equals(id) ? message.deepCopy() : one));
    }

    /// @return whether it existed
    public synchronized boolean remove(String channel, String id) {
        reactions.remove(id);
        var kept = messages.get(channel);
        return kept != null && kept.removeIf(message -> idOf(message).equals(id));
    }

    /// The newest messages of a channel, newest first.
    ///
    /// @param before only those with a smaller id; empty for no limit
    /// @param after only those with a greater id; empty for no limit. Then the oldest ones after it are taken
    public synchronized List<ObjectNode> messages(
            String channel, Optional<Long> before, Optional<Long> after, int limit) {
        var matching = messages.getOrDefault(channel, new ArrayDeque<>()).stream()
                .filter(message -> before.isEmpty() || Long.compareUnsigned(numericId(message), before.get()) < 0)
                .filter(message -> after.isEmpty() || Long.compareUnsigned(numericId(message), after.get()) > 0)
                .toList();
        int size = matching.size();
        var selected = after.isPresent()
                ? matching.subList(0, Math.min(limit, size))
                : matching.subList(Math.max(0, size - limit), size);
        return selected.reversed().stream().map(ObjectNode::deepCopy).toList();
    }

    /// @param emoji as in the URL: the character, or `name:id`
    /// @return whether that changed anything
    public synchronized boolean addReaction(String message, String emoji, String user) {
        var ofMessage = reactions.computeIfAbsent(message, id -> new LinkedHashMap<>());
        if (!ofMessage.containsKey(emoji) && ofMessage.size() >= REACTIONS_MAX) {
            return false;
        }
        return ofMessage.computeIfAbsent(emoji, key -> new LinkedHashSet<>()).add(user);
    }

    /// @return whether that changed anything
    public synchronized boolean removeReaction(String message, String emoji, String user) {
        var ofMessage = reactions.getOrDefault(message, Map.of());
        var ofEmoji = ofMessage.get(emoji);
        if (ofEmoji == null || !ofEmoji.remove(user)) {
            return false;
        }
        if (ofEmoji.isEmpty()) {
            ofMessage.remove(emoji);
        }
        return true;
    }

    /// Who reacted with an emoji, in the order in which they did.
    public synchronized List<String> reactors(String message, String emoji) {
        return List.copyOf(reactions.getOrDefault(message, Map.of()).getOrDefault(emoji, Set.of()));
    }

    /// All reactions to a message, by emoji.
    public synchronized Map<String, List<String>> reactions(String message) {
        var copy = new LinkedHashMap<String, List<String>>();
        reactions.getOrDefault(message, Map.of()).forEach((emoji, users) -> copy.put(emoji, List.copyOf(users)));
        return copy;
    }

    private @Nullable ObjectNode find(String channel, String id) {
        for (var message : messages.getOrDefault(channel, new ArrayDeque<>())) {
            if (idOf(message).equals(id)) {
                return message;
            }
        }
        return null;
    }

    private static String idOf(ObjectNode message) {
        return message.path("id").asString("");
    }

    private static long numericId(ObjectNode message) {
        return Long.parseUnsignedLong(idOf(message));
    }
}
