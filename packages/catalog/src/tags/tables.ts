export interface TagTables {
  tags: {
    account_id: string;
    resource_arn: string;
    key: string;
    value: string;
  };
}
