package dev.guildcast.fanout.view;

import com.google.protobuf.UnsafeByteOperations;
import dev.guildcast.contract.Snowflake;
import dev.guildcast.event.v1.GuildListEntry;
import dev.guildcast.event.v1.GuildListState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// A list of the guild kept whole, such as emojis, item by item as text.
///
/// @param generation document generation in which it was last named
public record GuildList(String name, List<Item> items, int generation) {
    /// Items of one list; above Discord's own limits for any of them, and a bound on the scan by id.
    public static final int ITEMS_MAX = 5000;

    private static final JsonFactory JSON = new JsonFactory();

    /// @param id 0: the item has none
    /// @param channelId 0: bound to no channel
    public record Item(long id, long channelId, byte[] json) {
        /// @throws RecordRejectedException if it is no JSON object
        static Item parse(byte[] json) {
            List<Item> items = GuildList.parse("item", wrap(json));
            if (items.size() != 1) {
                throw new RecordRejectedException("list item is no single JSON object");
            }
            return items.getFirst();
        }

        private static byte[] wrap(byte[] json) {
            byte[] array = new byte[json.length + 2];
            array[0] = '[';
            System.arraycopy(json, 0, array, 1, json.length);
            array[json.length + 1] = ']';
            return array;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Item that
                    && id == that.id
                    && channelId == that.channelId
                    && Arrays.equals(json, that.json);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(json);
        }
    }

    /// Splits an array of objects into items.
    ///
    /// @throws RecordRejectedException if it is no such array
    static List<Item> parse(String list, byte[] json) {
        var items = new ArrayList<Item>();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new RecordRejectedException("list " + list + " is no JSON array");
            }
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                int start = (int) parser.currentTokenLocation().getByteOffset();
                long id = 0;
                long channel = 0;
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    String field = parser.currentName();
                    parser.nextToken();
                    if (field.equals("id") || field.equals("sound_id") && id == 0) {
                        id = snowflake(parser);
                    } else if (field.equals("channel_id")) {
                        channel = snowflake(parser);
                    } else {
                        parser.skipChildren();
                    }
                }
                int end = (int) parser.currentLocation().getByteOffset();
                items.add(new Item(id, channel, Arrays.copyOfRange(json, start, end)));
                if (items.size() > ITEMS_MAX) {
                    throw new RecordRejectedException("list " + list + " has more than " + ITEMS_MAX + " items");
                }
            }
            if (parser.currentToken() != JsonToken.END_ARRAY || parser.nextToken() != null) {
                throw new RecordRejectedException("list " + list + " is no JSON array of objects");
            }
        } catch (JacksonException malformed) {
            throw new RecordRejectedException("list " + list + " is malformed JSON");
        }
        return items;
    }

    private static long snowflake(JsonParser parser) {
        String text = parser.currentToken() == JsonToken.VALUE_NULL ? "0" : parser.getString();
        long id = text == null ? 0 : Snowflake.parseOrZero(text);
        if (id == 0) {
            parser.skipChildren();
        }
        return id;
    }

    public @Nullable Item item(long id) {
        for (Item item : items) {
            if (item.id() == id) {
                return item;
            }
        }
        return null;
    }

    GuildList with(long id, @Nullable Item item, int generation) {
        var changed = new ArrayList<>(items);
        int at = -1;
        for (int i = 0; i < changed.size(); i++) {
            if (changed.get(i).id() == id) {
                at = i;
            }
        }
        if (item == null) {
            if (at >= 0) {
                changed.remove(at);
            }
        } else if (at >= 0) {
            changed.set(at, item);
        } else if (changed.size() < ITEMS_MAX) {
            changed.add(item);
        } else {
            throw new RecordRejectedException("list " + name + " is full (at most " + ITEMS_MAX + " items)");
        }
        return new GuildList(name, changed, generation);
    }

    GuildListState toState() {
        var state = GuildListState.newBuilder().setName(name).setNamed(generation);
        for (Item item : items) {
            state.addItems(GuildListEntry.newBuilder()
                    .setId(item.id())
                    .setChannelId(item.channelId())
                    .setJson(UnsafeByteOperations.unsafeWrap(item.json())));
        }
        return state.build();
    }

    static GuildList of(GuildListState state) {
        return new GuildList(
                state.getName(),
                state.getItemsList().stream()
                        .map(entry -> new Item(
                                entry.getId(),
                                entry.getChannelId(),
                                entry.getJson().toByteArray()))
                        .toList(),
                state.getNamed());
    }
}
