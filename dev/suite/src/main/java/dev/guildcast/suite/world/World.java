package dev.guildcast.suite.world;

import dev.guildcast.suite.publish.EventBody;
import dev.guildcast.suite.status.FileFailure;
import dev.guildcast.suite.world.WorldSource.Range;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The users, guilds and first events that a suite starts with.
///
/// The file is one JSON object:
/// ```
/// {"tokens": {"<token>": {"user": {…}, "bot": true, "application": {"id", "flags"},
///    "privileged_intents": ["GUILD_MEMBERS", "GUILD_PRESENCES", "MESSAGE_CONTENT"]}},
///  "guilds": [{…}], "events": [{"t", "d"}]}
/// ```
/// A guild is a whole document as in `GUILD_CREATE`, with roles, channels, members, threads and voice states, or
/// `{"id", "unavailable": true}`, which starts in outage. `events` may be omitted; they have the form that ingress
/// accepts.
///
/// - **Owner:** whoever read it; the file must not change meanwhile.
/// - **Bound:** the tokens and the guilds' channel names. Documents stay in the file and are read when they are sent,
///   as they stand there, so their size is bounded by what ingress accepts.
public final class World {
    /// The publisher name under which a world is loaded.
    public static final String PUBLISHER = "world";

    /// A channel, for finding it by name.
    public record Channel(long id, String name) {}

    /// A guild of the file.
    ///
    /// @param members how many its document lists
    /// @param range of its document
    public record Guild(long id, String name, List<Channel> channels, int members, Range range) {
        public Guild {
            channels = List.copyOf(channels);
        }

        /// Of its document.
        public long bytes() {
            return range.length();
        }
    }

    private static final JsonMapper MAPPER = new JsonMapper();

    private final WorldSource source;
    private final ObjectNode tokens;
    private final List<Guild> guilds;
    private final List<Range> events;

    private World(WorldSource source, ObjectNode tokens, List<Guild> guilds, List<Range> events) {
        this.source = source;
        this.tokens = tokens;
        this.guilds = List.copyOf(guilds);
        this.events = List.copyOf(events);
    }

    static World of(WorldSource source, Range tokens, List<Guild> guilds, List<Range> events) throws IOException {
        return new World(source, (ObjectNode) MAPPER.readTree(source.read(tokens)), guilds, events);
    }

    /// @param file empty for the bundled small world
    /// @throws IllegalArgumentException if it is invalid; the message is for the user and names file, place and
    ///     value
    public static World read(Optional<Path> file) {
        try {
            return file.isPresent() ? WorldParser.parse(WorldSource.of(file.get())) : parse("world.json", bundled());
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "cannot read the world " + file.map(Path::toString).orElse("") + ": " + FileFailure.reason(e), e);
        }
    }

    private static byte[] bundled() throws IOException {
        try (var in = World.class.getResourceAsStream("/world.json")) {
            return Objects.requireNonNull(in, "world.json is missing from the jar")
                    .readAllBytes();
        }
    }

    static World parse(String name, byte[] json) throws IOException {
        return WorldParser.parse(WorldSource.of(name, json));
    }

    /// By token.
    public ObjectNode tokens() {
        return tokens;
    }

    /// In the order of the file.
    public List<Guild> guilds() {
        return guilds;
    }

    /// The members that the guilds' documents list.
    public long members() {
        return guilds.stream().mapToLong(Guild::members).sum();
    }

    /// The document of one guild, which is held in memory as a whole.
    public JsonNode document(Guild guild) {
        try {
            return MAPPER.readTree(source.read(guild.range()));
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + source.name() + ": " + e.getMessage(), e);
        }
    }

    /// The token file of the gateways.
    public String tokensJson() {
        return JsonNodeFactory.instance.objectNode().set("tokens", tokens).toPrettyString();
    }

    /// Writes the file as it stands.
    ///
    /// @return this world, read from the copy from now on, so that the original may change
    public World copyTo(Path file) throws IOException {
        source.copyTo(file);
        return new World(WorldSource.of(file), tokens, guilds, events);
    }

    /// Equal for equal files.
    public String digest() throws IOException {
        return source.digest();
    }

    /// How many events create the world: the guilds, then the events.
    public int publications() {
        return guilds.size() + events.size();
    }

    /// One of the events that create the world, on one line.
    ///
    /// Its index is its publisher sequence, so that loading the same file again changes nothing.
    public EventText publication(int index) {
        boolean isGuild = index < guilds.size();
        var range = isGuild ? guilds.get(index).range() : events.get(index - guilds.size());
        var more = ",\"publisher\":\"" + PUBLISHER + "\",\"sequence\":" + (index + 1) + "}";
        return isGuild
                ? new EventText(source, "{\"t\":\"GUILD_CREATE\",\"d\":", range, more)
                // Without the brace at its end, which `more` brings.
                : new EventText(source, "", new Range(range.from(), range.to() - 1), more);
    }

    /// An event as it is sent: a part of the file between two texts.
    public record EventText(WorldSource source, String before, Range range, String after) implements EventBody {
        @Override
        public long bytes() {
            return before.length() + range.length() + after.length();
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(before.getBytes(StandardCharsets.US_ASCII));
            source.copyOnOneLine(range, out);
            out.write(after.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /// The guilds of each user with a token once all events are applied; without users who are in none.
    public Map<Long, Set<Long>> memberships() {
        var users = new LinkedHashSet<Long>();
        tokens.values()
                .forEach(token -> users.add(
                        Long.parseUnsignedLong(token.path("user").path("id").stringValue())));
        try {
            return Memberships.of(source, users);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + source.name() + ": " + e.getMessage(), e);
        }
    }
}
