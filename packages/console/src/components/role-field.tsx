import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { defaultRoleArn } from '../api/resource-names.ts';
import { useConsole } from '../session/use-console.ts';

interface RoleFieldProps {
  readonly roleArn: string;
  readonly onChange: (roleArn: string) => void;
}

/** The role with whose rights a job works: the default role, or another by its ARN. */
export function RoleField({ roleArn, onChange }: RoleFieldProps) {
  const { t } = useTranslation();
  const { session } = useConsole();
  const standard = defaultRoleArn(session.accountId);
  const [isOther, setOther] = useState(roleArn !== standard);
  return (
    <FormField label={t('common.role')} stretch>
      <SpaceBetween size="s">
        <RadioGroup
          value={isOther ? 'other' : 'default'}
          items={[
            { value: 'default', label: t('role.default'), description: t('role.defaultHint') },
            { value: 'other', label: t('role.other') },
          ]}
          onChange={({ detail }) => {
            setOther(detail.value === 'other');
            onChange(detail.value === 'other' ? '' : standard);
          }}
        />
        {isOther && (
          <Input
            value={roleArn}
            ariaLabel={t('role.arn')}
            placeholder={`arn:aws:iam::${session.accountId}:role/...`}
            onChange={({ detail }) => onChange(detail.value)}
          />
        )}
      </SpaceBetween>
    </FormField>
  );
}
