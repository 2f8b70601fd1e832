package dev.guildcast.witness;

import dev.guildcast.witness.PublishedEvent.IngressOutcome;
import dev.guildcast.witness.model.InitialWorld;
import dev.guildcast.witness.verdict.CheckSettings;
import dev.guildcast.witness.verdict.ClientVerdict;
import dev.guildcast.witness.verdict.RecordingChecker;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Builds a small run: publications, and what one client receives. One tick of its clock is a second.
///
/// Guild 10 has role 11, the public channel 20, and channel 21, which only role 11 may view. Bot 1 has role 11, bot 2
/// does not; user 5 is human.
public final class ScenarioBuilder {
    public static final String WORLD = """
            {"tokens":{"t1":{"user":{"id":"1","username":"one"},"bot":true,"privileged_intents":["MESSAGE_CONTENT"]},
                       "t2":{"user":{"id":"2","username":"two"},"bot":true}},
             "guilds":[{"id":"10","owner_id":"5",
               "roles":[{"id":"10","permissions":"1024"},{"id":"11","permissions":"0"}],
               "channels":[{"id":"20","type":0,"permission_overwrites":[]},
                 {"id":"21","type":0,"permission_overwrites":[{"id":"10","type":0,"allow":"0","deny":"1024"},
                   {"id":"11","type":0,"allow":"1024","deny":"0"}]}],
               "members":[{"user":{"id":"1"},"roles":["11"]},{"user":{"id":"2"},"roles":[]},{"user":{"id":"5"},"roles":[]}]},
              {"id":"99","unavailable":true}]}
            """;

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final long TICK = 1_000_000_000L;

    public final List<PublishedEvent> publications = new ArrayList<>();
    public final Recording recording = new Recording();
    private long now = TICK;
    private int sequence;
    private int connection = 1;

    public static InitialWorld world() {
        return InitialWorld.parse(WORLD);
    }

    /// Bot 1 reads content, bot 2 does not.
    public static Account bot(int id, Intent... intents) {
        return new Account(
                "bot " + id,
                "t" + id,
                "" + id,
                Intent.GUILDS.in(Intent.of(intents)) ? Intent.of(intents) : Intent.of(intents) | 1);
    }

    public static ObjectNode json(String text) {
        return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
    }

    /// One tick passes.
    public ScenarioBuilder advance(int ticks) {
        now += ticks * TICK;
        return this;
    }

    public long now() {
        return now;
    }

    /// Published and acknowledged within this tick, by the default publisher.
    public PublishedEvent publish(String type, String body) {
        return publish("p", type, body, now, now + TICK / 2, IngressOutcome.ACCEPTED);
    }

    public PublishedEvent publish(
            String publisher, String type, String body, long sent, long acked, IngressOutcome outcome) {
        ObjectNode d = json(body);
        long publisherSequence = 1
                + publications.stream()
                        .filter(each -> each.publisher().equals(publisher))
                        .count();
        d.put(PublishedEvent.MARK, PublishedEvent.mark(publisher, publisherSequence));
        String guild = type.equals("GUILD_UPDATE")
                ? d.path("id").asString("")
                : d.path("guild_id").asString("");
        var users = new ArrayList<String>();
        d.path("users").forEach(user -> users.add(user.asString()));
        d.remove("users");
        var publication = new PublishedEvent(
                publisher,
                publisherSequence,
                guild.isEmpty() ? d.path("channel_id").asString() : guild,
                guild,
                type,
                d,
                users,
                sent,
                acked,
                outcome);
        publications.add(publication);
        now += TICK;
        return publication;
    }

    public PublishedEvent message(String channel, String content) {
        return publish(
                "MESSAGE_CREATE",
                "{'guild_id':'10','channel_id':'" + channel + "','author':{'id':'5'},'content':'" + content
                        + "','embeds':[],'mentions':[]}");
    }

    /// The client logs in and receives the guild with these channels.
    public ScenarioBuilder login(String... channels) {
        sequence = 0;
        recording.add(new Observation.Connected(now, connection, "ws://x"));
        recording.add(new Observation.IdentifySent(now, connection));
        received("READY", json("{'session_id':'s'}"));
        return guildCreated(channels);
    }

    public ScenarioBuilder guildCreated(String... channels) {
        ObjectNode guild = json("{'id':'10','channels':[]}");
        for (String channel : channels) {
            guild.withArray("channels").addObject().put("id", channel);
        }
        return received("GUILD_CREATE", guild);
    }

    public ScenarioBuilder received(PublishedEvent publication) {
        return received(publication.type(), publication.body());
    }

    public ScenarioBuilder received(String type, String body) {
        return received(type, json(body));
    }

    public ScenarioBuilder received(String type, JsonNode body) {
        recording.add(new Observation.ReceivedDispatch(now, connection, type, ++sequence, body));
        now += TICK;
        return this;
    }

    /// A message as bot 2 receives it.
    public ScenarioBuilder receivedBlanked(PublishedEvent message) {
        ObjectNode body = message.body().deepCopy();
        return received(message.type(), body.put("content", ""));
    }

    public ScenarioBuilder skipSequence() {
        sequence++;
        return this;
    }

    public ScenarioBuilder closed(int code, boolean byClient) {
        recording.add(new Observation.Closed(now, connection++, code, byClient));
        return this;
    }

    public ScenarioBuilder resumed() {
        return resumed(sequence);
    }

    public ScenarioBuilder resumed(int withSequence) {
        recording.add(new Observation.ReceivedDispatch(now, connection, "RESUMED", withSequence, json("{}")));
        return this;
    }

    public ScenarioBuilder invalidSession() {
        recording.add(new Observation.InvalidSession(now, connection, false));
        return this;
    }

    public ClientVerdict verdictFor(Account account) {
        return new RecordingChecker(world(), publications, CheckSettings.between(TICK, now)).check(account, recording);
    }
}
