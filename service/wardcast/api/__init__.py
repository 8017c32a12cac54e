"""The gRPC face: servicers, error mapping and the server. Protobuf stops here."""
