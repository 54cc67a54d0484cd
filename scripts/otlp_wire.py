"""A little protobuf for the scripts beside this file: enough to write OTLP requests. Standard library only."""
import struct


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def field(number, data):
    """A field with a length."""
    return varint(number << 3 | 2) + varint(len(data)) + data


def attribute(key, value):
    """A span attribute: a string or an integer."""
    encoded = field(1, value.encode()) if isinstance(value, str) else b"\x18" + varint(value)
    return field(9, field(1, key.encode()) + field(2, encoded))


def span(trace, identifier, parent, name, start, end, *attributes):
    """A `Span` message; parent may be None."""
    message = field(1, trace) + field(2, identifier) + (field(4, parent) if parent else b"") + field(5, name.encode())
    message += b"\x39" + struct.pack("<Q", start) + b"\x41" + struct.pack("<Q", end)
    return message + b"".join(attribute(*each) for each in attributes)


def request(spans, service):
    """An `ExportTraceServiceRequest` with encoded spans under one resource."""
    resource = field(1, field(1, field(1, b"service.name") + field(2, field(1, service.encode()))))
    return field(1, resource + field(2, b"".join(field(2, each) for each in spans)))
