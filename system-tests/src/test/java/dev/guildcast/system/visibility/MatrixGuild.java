package dev.guildcast.system.visibility;

import dev.guildcast.witness.model.GuildState;
import dev.guildcast.witness.model.GuildSurroundings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A guild with one member for each state of permissions, and channels that some of them see.
final class MatrixGuild {
    static final String GUILD = "8000";
    static final String OPEN = "9001";
    static final String HIDDEN = "9002";
    static final String CLOSED = "9003";
    static final String VOICE = "9004";
    static final String HIDDEN_VOICE = "9005";
    static final String HIDDEN_CATEGORY = "9006";
    static final String THREAD = "9007";
    static final String HIDDEN_THREAD = "9008";
    static final String PRIVATE_THREAD = "9009";
    static final String HIDDEN_PRIVATE_THREAD = "9010";
    static final String UNKNOWN = "9999";
    /// Whom events are about.
    static final String SUBJECT = "21";

    static final List<String> TEXT_CHANNELS = List.of(OPEN, HIDDEN, CLOSED);
    static final List<String> THREADS = List.of(THREAD, HIDDEN_THREAD, PRIVATE_THREAD, HIDDEN_PRIVATE_THREAD);

    private static final long VIEW = 1L << 10;
    private static final long MODERATION = 1L << 2 | 1L << 4 | 1L << 5 | 1L << 7;
    private static final JsonMapper JSON = new JsonMapper();

    /// Names and permissions of the roles, by id.
    private static final Map<String, Long> ROLES = new TreeMap<>(Map.of(
            GUILD,
            VIEW,
            "51",
            1L << 3,
            "52",
            0L,
            "53",
            0L,
            "54",
            1L << 34,
            "55",
            1L << 7,
            "56",
            1L << 2,
            "57",
            1L << 5,
            "58",
            1L << 4,
            "59",
            MODERATION));

    /// Roles of each member. 52 is allowed to see what is hidden, 53 is denied what is closed.
    private static final Map<String, List<String>> MEMBERS = new LinkedHashMap<>();

    static {
        List.of(
                        "1",
                        "2:51",
                        "3",
                        "4:52",
                        "5:53",
                        "6",
                        "7",
                        "8:52",
                        "9:54",
                        "10",
                        "11:55",
                        "12:56",
                        "13:57",
                        "14:58",
                        "15:53,58",
                        "16:59",
                        "17",
                        "18",
                        "19:52",
                        "20:51",
                        "21",
                        "22:52,59",
                        "23:52,53",
                        "24:52,54",
                        "25:53,59")
                .forEach(each -> MEMBERS.put(
                        each.split(":")[0], each.contains(":") ? List.of(each.split(":")[1].split(",")) : List.of()));
    }

    static final Map<String, Set<String>> THREAD_MEMBERS = Map.of(
            PRIVATE_THREAD, Set.of("10", SUBJECT),
            HIDDEN_PRIVATE_THREAD, Set.of("10", "4", SUBJECT));
    static final Map<String, String> CONNECTED = Map.of("17", VOICE, "18", HIDDEN_VOICE, "19", HIDDEN_VOICE);

    private final Map<String, String> voiceChannels = new HashMap<>(CONNECTED);
    private final Map<String, String> eventChannels = new HashMap<>();
    private GuildState state = GuildState.of(withThreads(snapshot()));

    static Set<String> members() {
        return MEMBERS.keySet();
    }

    /// The guild as its backend publishes it.
    static JsonNode snapshot() {
        var roles = new ArrayList<String>();
        ROLES.forEach((id, bits) -> roles.add("{'id':'" + id + "','name':'r','permissions':'" + bits + "'}"));
        var members = new ArrayList<String>();
        MEMBERS.forEach((user, held) -> members.add("{'user':{'id':'" + user + "','username':'u" + user
                + "','bot':true},'joined_at':'2024-01-01T00:00:00+00:00','roles':["
                + String.join(",", held.stream().map(id -> "'" + id + "'").toList()) + "]"
                + (Set.of("16", "20").contains(user)
                        ? ",'communication_disabled_until':'2999-01-01T00:00:00+00:00'"
                        : "")
                + "}"));
        var hidden = overwrites("{'id':'8000','type':0,'deny':'1024'},{'id':'52','type':0,'allow':'1024'},"
                + "{'id':'6','type':1,'allow':'1024'},{'id':'8','type':1,'deny':'1024'}");
        var closed = overwrites("{'id':'53','type':0,'deny':'1040'},{'id':'7','type':1,'deny':'1024'},"
                + "{'id':'23','type':1,'allow':'1024'}");
        var channels = List.of(
                channel(OPEN, 0, ""),
                channel(HIDDEN, 0, hidden),
                channel(CLOSED, 0, closed),
                channel(VOICE, 2, ""),
                channel(HIDDEN_VOICE, 2, hidden),
                channel(HIDDEN_CATEGORY, 4, hidden));
        var threads = List.of(
                thread(THREAD, 11, OPEN),
                thread(HIDDEN_THREAD, 11, HIDDEN),
                thread(PRIVATE_THREAD, 12, OPEN),
                thread(HIDDEN_PRIVATE_THREAD, 12, HIDDEN));
        return json("{'id':'" + GUILD + "','name':'g','owner_id':'1','roles':[" + String.join(",", roles)
                + "],'channels':[" + String.join(",", channels) + "],'threads':[" + String.join(",", threads)
                + "],'members':[" + String.join(",", members) + "],'voice_states':[]}");
    }

    private static String overwrites(String each) {
        return ",'permission_overwrites':[" + each + "]";
    }

    static String hiddenOverwrites() {
        return overwrites("{'id':'8000','type':0,'deny':'1024'},{'id':'52','type':0,'allow':'1024'}");
    }

    private static String channel(String id, int type, String more) {
        return "{'id':'" + id + "','type':" + type + ",'name':'c'" + more + "}";
    }

    private static String thread(String id, int type, String parent) {
        return "{'id':'" + id + "','type':" + type + ",'name':'t','parent_id':'" + parent
                + "','thread_metadata':{'archived':false}}";
    }

    static JsonNode json(String text) {
        return JSON.readTree(text.replace('\'', '"'));
    }

    GuildState state() {
        return state;
    }

    GuildSurroundings around() {
        return new GuildSurroundings(THREAD_MEMBERS, Set.of("16", "20"), voiceChannels, eventChannels);
    }

    /// Creations and removals; the other events of the matrix change nothing that decides who sees what. Threads are
    /// channels to the model.
    void change(String type, JsonNode d) {
        switch (type) {
            case "CHANNEL_CREATE", "THREAD_CREATE" -> state = state.apply("CHANNEL_CREATE", d);
            case "CHANNEL_DELETE", "THREAD_DELETE" -> state = state.apply("CHANNEL_DELETE", d);
            case "VOICE_STATE_UPDATE" -> {
                var user = d.path("user_id").asString();
                if (d.path("channel_id").isNull()) {
                    voiceChannels.remove(user);
                } else {
                    voiceChannels.put(user, d.path("channel_id").asString());
                }
            }
            case "GUILD_SCHEDULED_EVENT_CREATE" -> {
                JsonNode channel = d.path("channel_id");
                eventChannels.put(d.path("id").asString(), channel.isNull() ? "" : channel.asString());
            }
            default -> {}
        }
    }

    private static JsonNode withThreads(JsonNode snapshot) {
        var copy = (ObjectNode) snapshot.deepCopy();
        copy.path("threads").forEach(((ArrayNode) copy.path("channels"))::add);
        return copy;
    }
}
